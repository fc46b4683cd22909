using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>The inverse of a symmetric positive definite matrix in place, by Gauss and Jordan's elimination without pivoting.</summary>
/// <remarks>
/// A lane is a column. Every entry takes one fused update for each pivot, in the pivots' order, at every register width.
/// </remarks>
internal static class SymmetricInverse
{
    /// <summary>
    /// Inverts the first <paramref name="size"/> rows and columns of a matrix whose rows are <paramref name="stride"/> floats, a multiple of 16; the
    /// columns beyond are zero and stay so.
    /// </summary>
    /// <param name="matrix">size × stride floats.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="factors">Scratch memory of size floats.</param>
    public static void Invert(Span<float> matrix, int size, int stride, Span<float> factors)
    {
        Debug.Assert(stride % 16 == 0 && matrix.Length >= size * stride && factors.Length >= size, "Rows are padded to 16.");
        for (int pivot = 0; pivot < size; pivot++)
        {
            Span<float> row = matrix.Slice(pivot * stride, stride);
            float inverse = 1 / row[pivot];
            row[pivot] = 1;
            for (int i = 0; i < size; i++)
            {
                ref float entry = ref matrix[(i * stride) + pivot];
                factors[i] = -entry;
                entry = i == pivot ? entry : 0;
            }

            LaneKernel.Run(new EliminationKernel(matrix, row, inverse, factors[..size], stride), stride);
        }
    }

    /// <summary>Row p becomes row p / pivot; from every other row its multiple is taken.</summary>
    private readonly ref struct EliminationKernel(Span<float> matrix, Span<float> row, float inverse, ReadOnlySpan<float> factors, int stride) : ILaneKernel
    {
        private readonly Span<float> _matrix = matrix, _row = row;
        private readonly ReadOnlySpan<float> _factors = factors;
        private readonly float _inverse = inverse;
        private readonly int _stride = stride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float factors = ref MemoryMarshal.GetReference(_factors);
            int i = from;
            for (; i <= count - (2 * TLanes.Count); i += 2 * TLanes.Count)
            {
                T p0 = TLanes.Multiply(TLanes.Load(in _row[0], i), TLanes.Of(_inverse));
                T p1 = TLanes.Multiply(TLanes.Load(in _row[0], i + TLanes.Count), TLanes.Of(_inverse));
                ref float at = ref _matrix[i];
                for (int k = 0; k < _factors.Length; k++)
                {
                    T factor = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in factors), k));
                    TLanes.Store(TLanes.FusedMultiplyAdd(factor, p0, TLanes.Load(in at, 0)), ref at, 0);
                    TLanes.Store(TLanes.FusedMultiplyAdd(factor, p1, TLanes.Load(in at, TLanes.Count)), ref at, TLanes.Count);
                    at = ref Unsafe.Add(ref at, _stride);
                }

                TLanes.Store(p0, ref _row[0], i);
                TLanes.Store(p1, ref _row[0], i + TLanes.Count);
            }

            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T p = TLanes.Multiply(TLanes.Load(in _row[0], i), TLanes.Of(_inverse));
                ref float at = ref _matrix[i];
                for (int k = 0; k < _factors.Length; k++)
                {
                    T factor = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in factors), k));
                    TLanes.Store(TLanes.FusedMultiplyAdd(factor, p, TLanes.Load(in at, 0)), ref at, 0);
                    at = ref Unsafe.Add(ref at, _stride);
                }

                TLanes.Store(p, ref _row[0], i);
            }

            return i;
        }
    }
}
