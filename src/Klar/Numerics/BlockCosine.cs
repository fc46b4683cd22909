using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>The orthonormal cosine transform (DCT-II) of blocks of 8 × 8, the one of JPEG.</summary>
internal static class BlockCosine
{
    /// <summary>Side of a block.</summary>
    public const int Side = 8;

    /// <summary>Samples, and coefficients, of a block.</summary>
    public const int Length = Side * Side;

    /// <summary>Side of the window of all blocks that start in 8 rows and columns.</summary>
    public const int WindowSide = (2 * Side) - 1;

    /// <summary>From row to row of a window.</summary>
    public const int WindowStride = 2 * Side;

    // Row u is the function of frequency u: c(u) cos((2x + 1) u π / 16).
    private static readonly double[] Functions = Table();

    /// <summary>The function of frequency <paramref name="u"/> at <paramref name="x"/>, both 0 to 7.</summary>
    public static double At(int u, int x) => Functions[(u * Side) + x];

    /// <summary>The coefficients of a block, row-major: the vertical frequency selects the row.</summary>
    public static void Forward(ReadOnlySpan<double> block, Span<double> coefficients)
    {
        Span<double> rows = stackalloc double[Length];
        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < Side; u++)
            {
                double sum = 0;
                for (int x = 0; x < Side; x++)
                {
                    sum += Functions[(u * Side) + x] * block[(y * Side) + x];
                }

                rows[(y * Side) + u] = sum;
            }
        }

        for (int v = 0; v < Side; v++)
        {
            for (int u = 0; u < Side; u++)
            {
                double sum = 0;
                for (int y = 0; y < Side; y++)
                {
                    sum += Functions[(v * Side) + y] * rows[(y * Side) + u];
                }

                coefficients[(v * Side) + u] = sum;
            }
        }
    }

    /// <summary>
    /// Adds to each of the 64 positions of a block in a window how many of its coefficients are smaller than
    /// <paramref name="limit"/>, the mean's left out. Blocks that start in the same column share the sums along rows.
    /// </summary>
    /// <param name="window">
    /// The samples, 15 rows of <see cref="WindowStride"/>, of which the last is not looked at.
    /// </param>
    /// <param name="limit">Of the coefficients' magnitudes.</param>
    /// <param name="counts">64 counts, row-major.</param>
    public static void CountSmall(ReadOnlySpan<double> window, double limit, Span<int> counts)
    {
        Span<double> rows = stackalloc double[WindowSide * Length];
        for (int y = 0; y < WindowSide; y++)
        {
            for (int u = 0; u < Side; u++)
            {
                (Vector256<double> left, Vector256<double> right) = (default, default);
                for (int x = 0; x < Side; x++)
                {
                    var factor = Vector256.Create(Functions[(u * Side) + x]);
                    ReadOnlySpan<double> samples = window.Slice((y * WindowStride) + x, Side);
                    left += factor * Vector256.Create(samples);
                    right += factor * Vector256.Create(samples[4..]);
                }

                left.CopyTo(rows[(((y * Side) + u) * Side)..]);
                right.CopyTo(rows[((((y * Side) + u) * Side) + 4)..]);
            }
        }

        var greatest = Vector256.Create(limit);
        for (int top = 0; top < Side; top++)
        {
            (Vector256<long> fewLeft, Vector256<long> fewRight) = (default, default);
            for (int i = 1; i < Length; i++)
            {
                (int v, int u) = (i / Side, i % Side);
                (Vector256<double> left, Vector256<double> right) = (default, default);
                for (int y = 0; y < Side; y++)
                {
                    var factor = Vector256.Create(Functions[(v * Side) + y]);
                    ReadOnlySpan<double> sums = rows.Slice((((top + y) * Side) + u) * Side, Side);
                    left += factor * Vector256.Create(sums);
                    right += factor * Vector256.Create(sums[4..]);
                }

                // True is a lane of ones, which is -1.
                fewLeft -= Vector256.LessThan(Vector256.Abs(left), greatest).AsInt64();
                fewRight -= Vector256.LessThan(Vector256.Abs(right), greatest).AsInt64();
            }

            for (int x = 0; x < 4; x++)
            {
                counts[(top * Side) + x] += (int)fewLeft[x];
                counts[(top * Side) + x + 4] += (int)fewRight[x];
            }
        }
    }

    /// <summary>
    /// Σ over x of f(x) f(x + lag), the autocorrelation of the function of frequency <paramref name="u"/> within a
    /// block; 1 at lag 0.
    /// </summary>
    public static double Autocorrelation(int u, int lag)
    {
        double sum = 0;
        for (int x = 0; x + Math.Abs(lag) < Side; x++)
        {
            sum += At(u, x) * At(u, x + Math.Abs(lag));
        }

        return sum;
    }

    private static double[] Table()
    {
        double[] table = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            (int u, int x) = (i / Side, i % Side);
            table[i] = Math.Sqrt((u == 0 ? 1.0 : 2.0) / Side) * Elementary.CosPi(((2 * x) + 1) * u / (2.0 * Side));
        }

        return table;
    }
}
