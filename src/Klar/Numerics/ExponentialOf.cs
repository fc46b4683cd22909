using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>e^x in single precision, the same bits at every register width.</summary>
internal static class ExponentialOf<T, TLanes>
    where T : struct
    where TLanes : struct, ILanes<T>
{
    /// <summary>
    /// e^x for x ≤ 0, within 2 units of the last place; at most 2^−126 where x is below −87.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NotPositive(T x)
    {
        // x = k ln 2 + r with |r| < 0.35; the polynomial is Taylor's to degree 7, whose next term is below 1e-8.
        x = TLanes.Max(x, TLanes.Of(-87f));
        T k = TLanes.Round(TLanes.Multiply(x, TLanes.Of(1.44269504f)));
        T r = TLanes.FusedMultiplyAdd(k, TLanes.Of(-0.693145752f), x);
        r = TLanes.FusedMultiplyAdd(k, TLanes.Of(-1.42860677e-6f), r);
        T sum = TLanes.Of(1f / 5040);
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(1f / 720));
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(1f / 120));
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(1f / 24));
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(1f / 6));
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(0.5f));
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(1f));
        sum = TLanes.FusedMultiplyAdd(sum, r, TLanes.Of(1f));
        return TLanes.Multiply(sum, TLanes.PowerOfTwo(k));
    }
}
