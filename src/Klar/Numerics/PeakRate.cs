using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>
/// What the processor can do at most: a loop of nothing but fused multiply-adds in registers of full width.
/// </summary>
internal static class PeakRate
{
    /// <summary>Floating-point operations of one run with so many rounds.</summary>
    public static double Operations(long rounds) => rounds * 12.0 * 2 * LaneKernel.Widest;

    /// <summary>
    /// Twelve independent chains, enough to hide the latency; the sum is returned so that nothing is left out.
    /// </summary>
    public static float Run(long rounds) =>
        Vector512.IsHardwareAccelerated ? Chains<Vector512<float>, Lanes512>(rounds)
        : Vector256.IsHardwareAccelerated ? Chains<Vector256<float>, Lanes256>(rounds)
        : Chains<Vector128<float>, Lanes128>(rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains<T, TLanes>(long rounds)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T x = TLanes.Of(0.999f), y = TLanes.Of(1e-3f);
        T a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long round = 0; round < rounds; round++)
        {
            a = TLanes.FusedMultiplyAdd(a, x, y);
            b = TLanes.FusedMultiplyAdd(b, x, y);
            c = TLanes.FusedMultiplyAdd(c, x, y);
            d = TLanes.FusedMultiplyAdd(d, x, y);
            e = TLanes.FusedMultiplyAdd(e, x, y);
            f = TLanes.FusedMultiplyAdd(f, x, y);
            g = TLanes.FusedMultiplyAdd(g, x, y);
            h = TLanes.FusedMultiplyAdd(h, x, y);
            i = TLanes.FusedMultiplyAdd(i, x, y);
            j = TLanes.FusedMultiplyAdd(j, x, y);
            k = TLanes.FusedMultiplyAdd(k, x, y);
            l = TLanes.FusedMultiplyAdd(l, x, y);
        }

        T sum =
            TLanes.Add(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)), TLanes.Add(TLanes.Add(e, f), TLanes.Add(g, h)));
        Span<float> lanes = stackalloc float[16];
        TLanes.Store(TLanes.Add(sum, TLanes.Add(TLanes.Add(i, j), TLanes.Add(k, l))), ref lanes[0], 0);
        return lanes[0];
    }
}
