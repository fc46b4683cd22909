namespace Klar.Numerics;

/// <summary>The orthonormal cosine transform (DCT-II) of blocks of 8 × 8, the one of JPEG.</summary>
internal static class BlockCosine
{
    /// <summary>Side of a block.</summary>
    public const int Side = 8;

    /// <summary>Samples, and coefficients, of a block.</summary>
    public const int Length = Side * Side;

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
