using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>The loops around the inverse in <c>NonLocal.Combination</c>. A lane is a patch of the group.</summary>
internal static class CombinationKernels
{
    /// <summary>to[i][j] = from[j][i] for <paramref name="rows"/> rows of <paramref name="columns"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(
        ReadOnlySpan<float> from, int rows, int columns, int fromStride, Span<float> to, int toStride)
    {
        ref readonly float source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to);
        for (int row = 0; row < rows; row++)
        {
            ref float at = ref Unsafe.Add(ref target, row);
            ref readonly float line = ref Unsafe.Add(ref Unsafe.AsRef(in source), row * fromStride);
            for (int column = 0; column < columns; column++)
            {
                at = Unsafe.Add(ref Unsafe.AsRef(in line), column);
                at = ref Unsafe.Add(ref at, toStride);
            }
        }
    }

    /// <summary>sum[j] += row[j].</summary>
    public static void AddRows(ReadOnlySpan<float> matrix, int rows, int stride, Span<float> sum)
    {
        for (int row = 0; row < rows; row++)
        {
            Pixelwise.Add(matrix.Slice(row * stride, stride), sum[..stride]);
        }
    }

    /// <summary>
    /// matrix[i][j] := (i = j) − noise[j] · (matrix[i][j] − share · q[i] · q[j]), and norms[j] = Σ_i of the squares.
    /// </summary>
    public static void Weights(
        Span<float> matrix, int rows, int stride, ReadOnlySpan<float> q, float share, ReadOnlySpan<float> noise,
        Span<float> norms)
    {
        norms[..stride].Clear();
        for (int row = 0; row < rows; row++)
        {
            Span<float> line = matrix.Slice(row * stride, stride);
            float own = line[row] - (share * q[row] * q[row]);
            LaneKernel.Run(new WeightsKernel(line, q, -share * q[row], noise), stride);
            line[row] = 1 - (noise[row] * own);
            LaneKernel.Run(new SquaresKernel(line, norms), stride);
        }
    }

    /// <summary>Σ (a − b) and Σ (a − b)² over rows of equal length, a multiple of 16.</summary>
    public static (double Sum, double Squares) Differences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // 16 partial sums whatever the register's width, added in their order at the end.
        Span<float> sums = stackalloc float[32];
        sums.Clear();
        LaneKernel.Run(new DifferencesKernel(a, b, sums), a.Length);
        double sum = 0, squares = 0;
        for (int i = 0; i < 16; i++)
        {
            sum += sums[i];
            squares += sums[16 + i];
        }

        return (sum, squares);
    }

    private readonly ref struct DifferencesKernel(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sums) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _a = a, _b = b;
        private readonly Span<float> _sums = sums;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            if (from >= count)
            {
                return count;
            }

            ref readonly float a = ref MemoryMarshal.GetReference(_a);
            ref readonly float b = ref MemoryMarshal.GetReference(_b);
            for (int part = 0; part < 16; part += TLanes.Count)
            {
                T sum = TLanes.Of(0), squares = TLanes.Of(0);
                for (int i = part; i < count; i += 16)
                {
                    T difference = TLanes.Subtract(TLanes.Load(in a, i), TLanes.Load(in b, i));
                    sum = TLanes.Add(sum, difference);
                    squares = TLanes.FusedMultiplyAdd(difference, difference, squares);
                }

                TLanes.Store(sum, ref _sums[part], 0);
                TLanes.Store(squares, ref _sums[16 + part], 0);
            }

            return count;
        }
    }

    private readonly ref struct WeightsKernel(
        Span<float> line, ReadOnlySpan<float> q, float factor, ReadOnlySpan<float> noise) : ILaneKernel
    {
        private readonly Span<float> _line = line;
        private readonly ReadOnlySpan<float> _q = q, _noise = noise;
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float line = ref MemoryMarshal.GetReference(_line);
            ref readonly float q = ref MemoryMarshal.GetReference(_q);
            ref readonly float noise = ref MemoryMarshal.GetReference(_noise);
            T factor = TLanes.Of(_factor), zero = TLanes.Of(0);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T projected = TLanes.FusedMultiplyAdd(factor, TLanes.Load(in q, i), TLanes.Load(in line, i));
                TLanes.Store(TLanes.Subtract(zero, TLanes.Multiply(TLanes.Load(in noise, i), projected)), ref line, i);
            }

            return i;
        }
    }

    private readonly ref struct SquaresKernel(ReadOnlySpan<float> line, Span<float> sums) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _line = line;
        private readonly Span<float> _sums = sums;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float line = ref MemoryMarshal.GetReference(_line);
            ref float sums = ref MemoryMarshal.GetReference(_sums);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T value = TLanes.Load(in line, i);
                TLanes.Store(TLanes.FusedMultiplyAdd(value, value, TLanes.Load(in sums, i)), ref sums, i);
            }

            return i;
        }
    }
}
