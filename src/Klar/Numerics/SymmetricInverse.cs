using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>The inverse of a symmetric positive definite matrix in place, by Gauss and Jordan's elimination without pivoting.</summary>
/// <remarks>
/// Eight pivots are eliminated at once, so that an entry is loaded and stored once for eight updates: with A cut at these pivots,
/// <code>
/// A₁₁ ← A₁₁⁻¹     A₁ⱼ ← A₁₁⁻¹ A₁ⱼ     Aᵢⱼ ← Aᵢⱼ − Aᵢ₁ A₁ⱼ     Aᵢ₁ ← 0 − Aᵢ₁ A₁₁⁻¹
/// </code>
/// A lane is a column. Every entry takes its fused updates in the pivots' order at every register width.
/// </remarks>
internal static class SymmetricInverse
{
    private const int Block = 8;

    /// <summary>Floats of scratch memory for a matrix of <paramref name="size"/> rows.</summary>
    public static int ScratchLength(int size) => size * Block;

    /// <summary>
    /// Inverts the first <paramref name="size"/> rows and columns of a matrix whose rows are <paramref name="stride"/> floats, a multiple of 16; the
    /// columns beyond are zero and stay so.
    /// </summary>
    public static void Invert(Span<float> matrix, int size, int stride, Span<float> scratch)
    {
        Debug.Assert(stride % 16 == 0 && stride >= size && matrix.Length >= size * stride, "Rows are padded to 16.");
        int pivot = 0;
        for (; pivot <= size - Block; pivot += Block)
        {
            Span<float> pivots = matrix.Slice(pivot * stride, Block * stride);
            for (int row = 0; row < Block; row++)
            {
                Eliminate(pivots, Block, row, pivot + row, stride);
            }

            EliminateFrom(matrix[..(pivot * stride)], pivots, pivot, stride, scratch);
            EliminateFrom(matrix[((pivot + Block) * stride)..(size * stride)], pivots, pivot, stride, scratch);
        }

        for (; pivot < size; pivot++)
        {
            Eliminate(matrix, size, pivot, pivot, stride);
        }
    }

    /// <summary>Aᵢⱼ ← Aᵢⱼ − Aᵢ₁ A₁ⱼ for the rows i of <paramref name="others"/>, with Aᵢ₁ taken out and set to zero before.</summary>
    private static void EliminateFrom(Span<float> others, ReadOnlySpan<float> pivots, int pivot, int stride, Span<float> factors)
    {
        for (int row = 0, at = 0; row < others.Length; row += stride, at += Block)
        {
            Span<float> own = others.Slice(row + pivot, Block);
            own.CopyTo(factors[at..]);
            own.Clear();
        }

        LaneKernel.Run(new BlockKernel(pivots, factors, others, stride), stride);
    }

    /// <summary>One pivot, at (<paramref name="row"/>, <paramref name="column"/>), among <paramref name="count"/> rows.</summary>
    private static void Eliminate(Span<float> rows, int count, int row, int column, int stride)
    {
        Span<float> own = rows.Slice(row * stride, stride);
        float inverse = 1 / own[column];
        own[column] = 1;
        LaneKernel.Run(new ScaleKernel(own, inverse), stride);
        for (int i = 0; i < count; i++)
        {
            if (i != row)
            {
                Span<float> other = rows.Slice(i * stride, stride);
                float factor = -other[column];
                other[column] = 0;
                LaneKernel.Run(new AddMultipleKernel(own, factor, other), stride);
            }
        }
    }

    private readonly ref struct ScaleKernel(Span<float> row, float factor) : ILaneKernel
    {
        private readonly Span<float> _row = row;
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float row = ref MemoryMarshal.GetReference(_row);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.Multiply(TLanes.Load(in row, i), TLanes.Of(_factor)), ref row, i);
            }

            return i;
        }
    }

    private readonly ref struct AddMultipleKernel(ReadOnlySpan<float> of, float factor, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _of = of;
        private readonly Span<float> _to = to;
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float of = ref MemoryMarshal.GetReference(_of);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Of(_factor), TLanes.Load(in of, i), TLanes.Load(in to, i)), ref to, i);
            }

            return i;
        }
    }

    /// <summary>Takes eight multiples of the pivots' rows from each of the others.</summary>
    private readonly ref struct BlockKernel(ReadOnlySpan<float> pivots, ReadOnlySpan<float> factors, Span<float> others, int stride) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _pivots = pivots, _factors = factors;
        private readonly Span<float> _others = others;
        private readonly int _stride = stride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            int stride = _stride;
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                ref readonly float pivots = ref Unsafe.Add(ref MemoryMarshal.GetReference(_pivots), i);
                T p0 = TLanes.Load(in pivots, 0), p1 = TLanes.Load(in pivots, stride), p2 = TLanes.Load(in pivots, 2 * stride), p3 = TLanes.Load(in pivots, 3 * stride);
                T p4 = TLanes.Load(in pivots, 4 * stride), p5 = TLanes.Load(in pivots, 5 * stride), p6 = TLanes.Load(in pivots, 6 * stride), p7 = TLanes.Load(in pivots, 7 * stride);
                ref float row = ref Unsafe.Add(ref MemoryMarshal.GetReference(_others), i);
                ref float f = ref MemoryMarshal.GetReference(_factors);
                for (int left = _others.Length; left > 0; left -= stride)
                {
                    T even = TLanes.Multiply(TLanes.Of(f), p0);
                    T odd = TLanes.Multiply(TLanes.Of(Unsafe.Add(ref f, 1)), p1);
                    even = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref f, 2)), p2, even);
                    odd = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref f, 3)), p3, odd);
                    even = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref f, 4)), p4, even);
                    odd = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref f, 5)), p5, odd);
                    even = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref f, 6)), p6, even);
                    odd = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref f, 7)), p7, odd);
                    TLanes.Store(TLanes.Subtract(TLanes.Load(in row, 0), TLanes.Add(even, odd)), ref row, 0);
                    row = ref Unsafe.Add(ref row, stride);
                    f = ref Unsafe.Add(ref f, Block);
                }
            }

            return i;
        }
    }
}
