using Klar.Scheduling;

namespace Klar.Metrics;

/// <summary>
/// SSIM with a Gaussian window of σ = 1.5 (11 × 11), K₁ = 0.01, K₂ = 0.03, averaged over the pixels whose window lies
/// inside: Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Processing 13(4), 2004, with population covariances.
/// </summary>
public static class StructuralSimilarity
{
    private const int Radius = 5;
    private const double Sigma = 1.5;

    /// <summary>The mean SSIM of two planes of equal size; null where a side is below 11 pixels.</summary>
    public static double? Of(Plane reference, Plane test, double peak = 1, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(test);
        int width = reference.Width - (2 * Radius);
        int height = reference.Height - (2 * Radius);
        if (width < 1 || height < 1)
        {
            return null;
        }

        double[] taps = Taps();
        double[] bandSums = new double[Bands.Count(height)];
        Bands.ForEach(
            height,
            threads,
            (from, to) => bandSums[from / Bands.Height] = SumOfRows(reference, test, taps, peak, from, to),
            advanced: null,
            CancellationToken.None);
        return bandSums.Sum() / ((double)width * height);
    }

    private static double[] Taps()
    {
        double[] taps = new double[(2 * Radius) + 1];
        for (int k = -Radius; k <= Radius; k++)
        {
            taps[k + Radius] = Math.Exp(-0.5 * k * k / (Sigma * Sigma));
        }

        double sum = taps.Sum();
        return Array.ConvertAll(taps, tap => tap / sum);
    }

    private static double SumOfRows(Plane reference, Plane test, double[] taps, double peak, int from, int to)
    {
        int width = reference.Width;
        double c1 = 0.01 * peak * (0.01 * peak);
        double c2 = 0.03 * peak * (0.03 * peak);
        double[] a = new double[width], b = new double[width];
        double[] aa = new double[width], bb = new double[width], ab = new double[width];
        double total = 0;
        for (int y = from; y < to; y++)
        {
            foreach (double[] column in (double[][])[a, b, aa, bb, ab])
            {
                column.AsSpan().Clear();
            }

            for (int k = 0; k < taps.Length; k++)
            {
                ReadOnlySpan<float> rowA = reference.Row(y + k);
                ReadOnlySpan<float> rowB = test.Row(y + k);
                for (int x = 0; x < width; x++)
                {
                    (double u, double v) = (rowA[x], rowB[x]);
                    a[x] += taps[k] * u;
                    b[x] += taps[k] * v;
                    aa[x] += taps[k] * (u * u);
                    bb[x] += taps[k] * (v * v);
                    ab[x] += taps[k] * (u * v);
                }
            }

            for (int x = 0; x < width - (2 * Radius); x++)
            {
                double meanA = Weighted(a, taps, x), meanB = Weighted(b, taps, x);
                double varianceA = Weighted(aa, taps, x) - (meanA * meanA);
                double varianceB = Weighted(bb, taps, x) - (meanB * meanB);
                double covariance = Weighted(ab, taps, x) - (meanA * meanB);
                total += ((2 * meanA * meanB) + c1) * ((2 * covariance) + c2)
                    / (((meanA * meanA) + (meanB * meanB) + c1) * (varianceA + varianceB + c2));
            }
        }

        return total;
    }

    private static double Weighted(double[] columns, double[] taps, int x)
    {
        double sum = 0;
        for (int k = 0; k < taps.Length; k++)
        {
            sum += taps[k] * columns[x + k];
        }

        return sum;
    }
}
