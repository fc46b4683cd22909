using System.Numerics;

namespace Klar.NonLocal.Bm3d;

/// <summary>Groups are cut to a power of two, which the Haar transform takes.</summary>
internal static class PowerOfTwo
{
    /// <summary>The largest power of two that is not above <paramref name="count"/>, for count ≥ 1.</summary>
    public static int NotAbove(int count) => 1 << BitOperations.Log2((uint)count);
}
