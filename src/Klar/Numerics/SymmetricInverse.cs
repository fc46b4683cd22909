using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>
/// The inverse of a symmetric positive definite matrix in place, by Gauss and Jordan's elimination without pivoting.
/// </summary>
/// <remarks>
/// Eight pivots are eliminated at once, so that an entry is loaded and stored once for eight updates: with A cut at
/// these pivots,
/// <code>
/// A₁₁ ← A₁₁⁻¹     A₁ⱼ ← A₁₁⁻¹ A₁ⱼ     Aᵢⱼ ← Aᵢⱼ − Aᵢ₁ A₁ⱼ     Aᵢ₁ ← 0 − Aᵢ₁ A₁₁⁻¹
/// </code>
/// A lane is a column. Every entry takes its fused updates in the pivots' order at every register width.
/// </remarks>
internal static class SymmetricInverse
{
    private const int Block = 8;

    /// <summary>Floats of scratch memory for a matrix of <paramref name="size"/> rows.</summary>
    public static int ScratchLength(int size) => Math.Max(size, Block) * Block;

    /// <summary>
    /// Inverts the first <paramref name="size"/> rows and columns of a matrix whose rows are
    /// <paramref name="stride"/> floats, a multiple of 16; the columns beyond are zero and stay so.
    /// </summary>
    public static void Invert(Span<float> matrix, int size, int stride, Span<float> scratch)
    {
        Debug.Assert(stride % 16 == 0 && stride >= size && matrix.Length >= size * stride, "Rows are padded to 16.");
        int pivot = 0;
        for (; pivot <= size - Block; pivot += Block)
        {
            Span<float> pivots = matrix.Slice(pivot * stride, Block * stride);
            InvertBlock(pivots, pivot, stride, scratch);
            LaneKernel.Run(new PivotKernel(scratch, pivots, stride), stride);
            EliminateFrom(matrix[..(pivot * stride)], pivots, pivot, stride, scratch);
            EliminateFrom(matrix[((pivot + Block) * stride)..(size * stride)], pivots, pivot, stride, scratch);
        }

        for (; pivot < size; pivot++)
        {
            Eliminate(matrix, size, pivot, pivot, stride);
        }
    }

    /// <summary>
    /// Aᵢⱼ ← Aᵢⱼ − Aᵢ₁ A₁ⱼ for the rows i of <paramref name="others"/>, with Aᵢ₁ taken out and set to zero before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EliminateFrom(
        Span<float> others, ReadOnlySpan<float> pivots, int pivot, int stride, Span<float> factors)
    {
        ref float to = ref MemoryMarshal.GetReference(factors);
        ref float own = ref Unsafe.Add(ref MemoryMarshal.GetReference(others), pivot);
        for (int left = others.Length; left > 0; left -= stride)
        {
            Vector256.LoadUnsafe(ref own).StoreUnsafe(ref to);
            Vector256<float>.Zero.StoreUnsafe(ref own);
            own = ref Unsafe.Add(ref own, stride);
            to = ref Unsafe.Add(ref to, Block);
        }

        LaneKernel.Run(new BlockKernel(pivots, factors, others, stride), stride);
    }

    /// <summary>
    /// A₁₁⁻¹ to <paramref name="inverse"/>, and the identity in A₁₁'s place, so that A₁₁⁻¹ A₁ⱼ is right for all
    /// columns.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InvertBlock(Span<float> pivots, int pivot, int stride, Span<float> inverse)
    {
        for (int row = 0; row < Block; row++)
        {
            Span<float> own = pivots.Slice((row * stride) + pivot, Block);
            own.CopyTo(inverse[(row * Block)..]);
            own.Clear();
            own[row] = 1;
        }

        // A row of the block is one register, whatever the processor's width.
        ref float at = ref MemoryMarshal.GetReference(inverse);
        for (int p = 0; p < Block; p++)
        {
            ref float row = ref Unsafe.Add(ref at, p * Block);
            float reciprocal = 1 / Unsafe.Add(ref row, p);
            Unsafe.Add(ref row, p) = 1;
            Vector256<float> scaled = Vector256.LoadUnsafe(ref row) * Vector256.Create(reciprocal);
            for (int i = 0; i < Block; i++)
            {
                ref float other = ref Unsafe.Add(ref at, i * Block);
                float factor = -Unsafe.Add(ref other, p);
                Unsafe.Add(ref other, p) = 0;
                Vector256
                    .FusedMultiplyAdd(Vector256.Create(factor), scaled, Vector256.LoadUnsafe(ref other))
                    .StoreUnsafe(ref other);
            }

            scaled.StoreUnsafe(ref row);
        }
    }

    /// <summary>
    /// One pivot, at (<paramref name="row"/>, <paramref name="column"/>), among <paramref name="count"/> rows.
    /// </summary>
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
                TLanes.Store(
                    TLanes.FusedMultiplyAdd(TLanes.Of(_factor), TLanes.Load(in of, i), TLanes.Load(in to, i)), ref to,
                    i);
            }

            return i;
        }
    }

    /// <summary>A₁ⱼ ← A₁₁⁻¹ A₁ⱼ: eight rows of a register each, and eight sums of eight.</summary>
    private readonly ref struct PivotKernel(ReadOnlySpan<float> inverse, Span<float> pivots, int stride) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _inverse = inverse;
        private readonly Span<float> _pivots = pivots;
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
                ref float at = ref Unsafe.Add(ref MemoryMarshal.GetReference(_pivots), i);
                ref readonly float m = ref MemoryMarshal.GetReference(_inverse);
                T r0 = TLanes.Load(in at, 0), r1 = TLanes.Load(in at, stride), r2 = TLanes.Load(in at, 2 * stride),
                    r3 = TLanes.Load(in at, 3 * stride);
                T r4 = TLanes.Load(in at, 4 * stride), r5 = TLanes.Load(in at, 5 * stride),
                    r6 = TLanes.Load(in at, 6 * stride), r7 = TLanes.Load(in at, 7 * stride);
                for (int row = 0; row < Block; row++)
                {
                    T even = TLanes.Multiply(TLanes.Of(m), r0);
                    T odd = TLanes.Multiply(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 1)), r1);
                    even = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 2)), r2, even);
                    odd = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 3)), r3, odd);
                    even = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 4)), r4, even);
                    odd = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 5)), r5, odd);
                    even = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 6)), r6, even);
                    odd = TLanes.FusedMultiplyAdd(TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in m), 7)), r7, odd);
                    TLanes.Store(TLanes.Add(even, odd), ref at, 0);
                    at = ref Unsafe.Add(ref at, stride);
                    m = ref Unsafe.Add(ref Unsafe.AsRef(in m), Block);
                }
            }

            return i;
        }
    }

    /// <summary>Takes eight multiples of the pivots' rows from each of the others.</summary>
    private readonly ref struct BlockKernel(
        ReadOnlySpan<float> pivots, ReadOnlySpan<float> factors, Span<float> others, int stride) : ILaneKernel
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
                T p0 = TLanes.Load(in pivots, 0), p1 = TLanes.Load(in pivots, stride),
                    p2 = TLanes.Load(in pivots, 2 * stride), p3 = TLanes.Load(in pivots, 3 * stride);
                T p4 = TLanes.Load(in pivots, 4 * stride), p5 = TLanes.Load(in pivots, 5 * stride),
                    p6 = TLanes.Load(in pivots, 6 * stride), p7 = TLanes.Load(in pivots, 7 * stride);
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
