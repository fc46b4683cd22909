using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// Correlation with symmetric taps, along a row and across rows. A lane is an output; each output adds its terms from
/// the middle outwards, taps[0] · middle first, then taps[k] · (left_k + right_k), fused.
/// </summary>
internal static class Correlation
{
    /// <summary>to[i] = Σ taps[|k|] · row[i + radius + k] over |k| ≤ radius, for taps[0..radius].</summary>
    public static void AlongRow(ReadOnlySpan<float> row, ReadOnlySpan<float> taps, Span<float> to)
    {
        Debug.Assert(row.Length == to.Length + (2 * (taps.Length - 1)), "The row does not cover the outputs.");
        LaneKernel.Run(new RowKernel(row, taps, to), to.Length);
    }

    /// <summary>
    /// to[i] = Σ taps[|k|] · row_k[i], where row_k begins at <paramref name="offsets"/>[k + radius] of
    /// <paramref name="rows"/>.
    /// </summary>
    public static void AcrossRows(
        ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<float> taps, Span<float> to)
    {
        Debug.Assert(offsets.Length == (2 * taps.Length) - 1, "One row for each tap.");
        LaneKernel.Run(new ColumnKernel(rows, offsets, taps, to), to.Length);
    }

    private readonly ref struct RowKernel(
        ReadOnlySpan<float> row, ReadOnlySpan<float> taps, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _row = row, _taps = taps;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float row = ref MemoryMarshal.GetReference(_row);
            ref float to = ref MemoryMarshal.GetReference(_to);
            ReadOnlySpan<float> taps = _taps;
            int radius = taps.Length - 1;
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                int middle = i + radius;
                T sum = TLanes.Multiply(TLanes.Load(in row, middle), TLanes.Of(taps[0]));
                for (int k = 1; k < taps.Length; k++)
                {
                    T pair = TLanes.Add(TLanes.Load(in row, middle - k), TLanes.Load(in row, middle + k));
                    sum = TLanes.FusedMultiplyAdd(pair, TLanes.Of(taps[k]), sum);
                }

                TLanes.Store(sum, ref to, i);
            }

            return i;
        }
    }

    private readonly ref struct ColumnKernel(
        ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<float> taps, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _rows = rows, _taps = taps;
        private readonly ReadOnlySpan<int> _offsets = offsets;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float rows = ref MemoryMarshal.GetReference(_rows);
            ref float to = ref MemoryMarshal.GetReference(_to);
            ReadOnlySpan<float> taps = _taps;
            ReadOnlySpan<int> offsets = _offsets;
            int radius = taps.Length - 1;
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T sum = TLanes.Multiply(TLanes.Load(in rows, offsets[radius] + i), TLanes.Of(taps[0]));
                for (int k = 1; k < taps.Length; k++)
                {
                    T pair = TLanes.Add(
                        TLanes.Load(in rows, offsets[radius - k] + i), TLanes.Load(in rows, offsets[radius + k] + i));
                    sum = TLanes.FusedMultiplyAdd(pair, TLanes.Of(taps[k]), sum);
                }

                TLanes.Store(sum, ref to, i);
            }

            return i;
        }
    }
}
