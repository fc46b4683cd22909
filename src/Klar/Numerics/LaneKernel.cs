using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>A loop over outputs that is written once for every register width.</summary>
internal interface ILaneKernel
{
    /// <summary>
    /// Makes outputs from <paramref name="from"/> on, a register at a time, while whole registers fit below
    /// <paramref name="count"/>; returns the first output that is not made.
    /// </summary>
    int Run<T, TLanes>(int from, int count)
        where T : struct
        where TLanes : struct, ILanes<T>;
}

/// <summary>Runs kernels at the widest registers of this processor, and their tails one float at a time.</summary>
internal static class LaneKernel
{
    /// <summary>Lanes of the widest register that is used: 16, 8 or 4.</summary>
    public static int Widest => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Makes outputs 0 to <paramref name="count"/> of <paramref name="kernel"/>.</summary>
    public static void Run<TKernel>(TKernel kernel, int count)
        where TKernel : struct, ILaneKernel, allows ref struct
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            done = kernel.Run<Vector512<float>, Lanes512>(0, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            done = kernel.Run<Vector256<float>, Lanes256>(0, count);
        }
        else
        {
            done = kernel.Run<Vector128<float>, Lanes128>(0, count);
        }

        kernel.Run<float, Lane>(done, count);
    }
}
