using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// The bilateral mean of a window around each sample of a row. A lane is an output; it adds its neighbours in reading
/// order: weight = spatial · exp(−(neighbour − centre)² · <c>falloff</c>).
/// </summary>
/// <param name="rows">Padded rows.</param>
/// <param name="offsets">Where each row of the window begins in <paramref name="rows"/>.</param>
/// <param name="spatial">The window's spatial weights, row-major.</param>
/// <param name="falloff">1 / 2σ_r².</param>
/// <param name="to">The outputs; output i has its centre at padded index i + radius.</param>
internal readonly ref struct BilateralKernel(
    ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<float> spatial, float falloff,
    Span<float> to) : ILaneKernel
{
    private readonly ReadOnlySpan<float> _rows = rows, _spatial = spatial;
    private readonly ReadOnlySpan<int> _offsets = offsets;
    private readonly float _falloff = falloff;
    private readonly Span<float> _to = to;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<T, TLanes>(int from, int count)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        ref readonly float rows = ref MemoryMarshal.GetReference(_rows);
        ref float to = ref MemoryMarshal.GetReference(_to);
        ReadOnlySpan<int> offsets = _offsets;
        ReadOnlySpan<float> spatial = _spatial;
        T steep = TLanes.Of(-_falloff);
        int size = offsets.Length;
        int radius = size / 2;
        int i = from;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            T centre = TLanes.Load(in rows, offsets[radius] + radius + i);
            T weights = TLanes.Of(0);
            T sum = TLanes.Of(0);
            for (int dy = 0; dy < size; dy++)
            {
                int row = offsets[dy] + i;
                for (int dx = 0; dx < size; dx++)
                {
                    T neighbour = TLanes.Load(in rows, row + dx);
                    T difference = TLanes.Subtract(neighbour, centre);
                    T weight = ExponentialOf<T, TLanes>.NotPositive(
                        TLanes.Multiply(TLanes.Multiply(difference, difference), steep));
                    weight = TLanes.Multiply(weight, TLanes.Of(spatial[(dy * size) + dx]));
                    weights = TLanes.Add(weights, weight);
                    sum = TLanes.FusedMultiplyAdd(weight, difference, sum);
                }
            }

            // The weighted mean of differences from the centre: exact on a constant, and no cancellation elsewhere.
            TLanes.Store(TLanes.Add(centre, TLanes.Divide(sum, weights)), ref to, i);
        }

        return i;
    }
}
