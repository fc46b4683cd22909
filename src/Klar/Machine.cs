using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Klar.Numerics;

namespace Klar;

/// <summary>What of this processor the kernels use.</summary>
public static class Machine
{
    /// <summary>Bits of the widest registers that are used: 512, 256 or 128.</summary>
    public static int RegisterBits => LaneKernel.Widest * 32;

    /// <summary>
    /// Whether products and sums are fused by the processor; without, the framework does it in software.
    /// </summary>
    public static bool HasFusedMultiplyAdd =>
        Fma.IsSupported || (Vector128.IsHardwareAccelerated && System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported);
}
