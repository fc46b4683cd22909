using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>
/// Rows of sums in double precision: element by element, so every register width gives the same bits.
/// </summary>
internal static class DoubleRows
{
    /// <summary>sum[i] += row[i].</summary>
    public static void Add(ReadOnlySpan<float> row, Span<double> sum) => Accumulate<Plus>(row, sum);

    /// <summary>sum[i] −= row[i].</summary>
    public static void Subtract(ReadOnlySpan<float> row, Span<double> sum) => Accumulate<Minus>(row, sum);

    /// <summary>sum[i] += row[i]²; the square of a float is exact in double.</summary>
    public static void AddSquare(ReadOnlySpan<float> row, Span<double> sum) => Accumulate<PlusSquare>(row, sum);

    /// <summary>sum[i] −= row[i]².</summary>
    public static void SubtractSquare(ReadOnlySpan<float> row, Span<double> sum) => Accumulate<MinusSquare>(row, sum);

    /// <summary>to[i] = sum[i] / divisor, rounded to single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(ReadOnlySpan<double> sum, double divisor, Span<float> to)
    {
        Debug.Assert(sum.Length == to.Length, "Rows differ in length.");
        var by = new Vector<double>(divisor);
        int i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<double> low = new Vector<double>(sum[i..]) / by;
            Vector<double> high = new Vector<double>(sum[(i + Vector<double>.Count)..]) / by;
            Vector.Narrow(low, high).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] = (float)(sum[i] / divisor);
        }
    }

    /// <summary>
    /// The sums of all windows of <paramref name="size"/> neighbours, to[i] = columns[i] + … + columns[i + size − 1],
    /// by doubling: sums of 1, 2, 4, … neighbours are put together as the binary digits of size say. Overwrites
    /// <paramref name="columns"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WindowSums(Span<double> columns, int size, Span<double> to)
    {
        Debug.Assert(columns.Length == to.Length + size - 1, "The columns do not cover the row.");
        bool begun = false;
        int offset = 0;
        int length = columns.Length;
        for (int step = 1; step <= size; step <<= 1)
        {
            if ((size & step) != 0)
            {
                ReadOnlySpan<double> part = columns.Slice(offset, to.Length);
                if (begun)
                {
                    AddTo(part, to);
                }
                else
                {
                    part.CopyTo(to);
                    begun = true;
                }

                offset += step;
            }

            length -= step;
            if ((step << 1) <= size)
            {
                AddTo(columns.Slice(step, length), columns[..length]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTo(ReadOnlySpan<double> from, Span<double> to)
    {
        // Forwards: where the spans overlap, from lies ahead of to, and every value is read before it is overwritten.
        int i = 0;
        for (; i <= to.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(to[i..]) + new Vector<double>(from[i..])).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<TOp>(ReadOnlySpan<float> row, Span<double> sum)
        where TOp : struct, ITerm
    {
        Debug.Assert(row.Length == sum.Length, "Rows differ in length.");
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(row[i..]), out Vector<double> low, out Vector<double> high);
            Span<double> at = sum[i..];
            TOp.Invoke(new Vector<double>(at), low).CopyTo(at);
            at = at[Vector<double>.Count..];
            TOp.Invoke(new Vector<double>(at), high).CopyTo(at);
        }

        for (; i < row.Length; i++)
        {
            sum[i] = TOp.Invoke(sum[i], row[i]);
        }
    }

    private interface ITerm
    {
        static abstract double Invoke(double sum, double value);

        static abstract Vector<double> Invoke(Vector<double> sum, Vector<double> value);
    }

    private readonly struct Plus : ITerm
    {
        public static double Invoke(double sum, double value) => sum + value;

        public static Vector<double> Invoke(Vector<double> sum, Vector<double> value) => sum + value;
    }

    private readonly struct Minus : ITerm
    {
        public static double Invoke(double sum, double value) => sum - value;

        public static Vector<double> Invoke(Vector<double> sum, Vector<double> value) => sum - value;
    }

    private readonly struct PlusSquare : ITerm
    {
        public static double Invoke(double sum, double value) => sum + (value * value);

        public static Vector<double> Invoke(Vector<double> sum, Vector<double> value) => sum + (value * value);
    }

    private readonly struct MinusSquare : ITerm
    {
        public static double Invoke(double sum, double value) => sum - (value * value);

        public static Vector<double> Invoke(Vector<double> sum, Vector<double> value) => sum - (value * value);
    }
}
