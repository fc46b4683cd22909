using Klar.Numerics;

namespace Klar.Noise;

/// <summary>
/// The noise variance of a set of patches from the eigenvalues of their covariance: the picture fills a few
/// directions, noise fills all alike, so the smallest eigenvalues are the noise's variance.
/// </summary>
/// <remarks>
/// Chen, Zhu and Heng, «An efficient statistical method for image noise level estimation», ICCV 2015: of the
/// eigenvalues, the largest are left out one by one until the mean of the rest is not above their median.
/// </remarks>
internal static class PatchLevel
{
    /// <summary>Side of a patch.</summary>
    public const int Side = 8;

    /// <summary>Samples of a patch.</summary>
    public const int Length = Side * Side;

    // Products of so many patches are summed in single precision, these sums in double.
    private const int Chunk = 512;

    private static readonly int[] OneSegment = [0];

    /// <summary>
    /// The variance for <paramref name="count"/> patches, rows of <see cref="Length"/>, whose mean sample is near
    /// <paramref name="level"/>; and the smallest eigenvalue relative to what so many patches of white noise of that
    /// variance have (Marchenko and Pastur, 1967): about 1 for white noise, next to nothing for correlated.
    /// </summary>
    public static (double Variance, double Whiteness) Of(ReadOnlySpan<float> patches, int count, float level)
    {
        float[] centred = new float[Math.Min(count, Chunk) * Length], part = new float[Length * Length];
        double[] covariance = new double[Length * Length], sums = new double[Length];
        for (int first = 0; first < count; first += Chunk)
        {
            int rows = Math.Min(Chunk, count - first);
            for (int i = 0; i < rows * Length; i++)
            {
                float sample = patches[(first * Length) + i] - level;
                centred[i] = sample;
                sums[i % Length] += sample;
            }

            new Product
            {
                Rows = Length,
                Columns = Length,
                Depth = rows,
                ARow = 1,
                AColumn = Length,
                AOffsets = OneSegment,
                BRow = Length,
                CRow = Length,
                Adds = false,
            }.Run(centred, centred, part);
            for (int i = 0; i < part.Length; i++)
            {
                covariance[i] += part[i];
            }
        }

        for (int i = 0; i < covariance.Length; i++)
        {
            covariance[i] = (covariance[i] / count) - (sums[i / Length] / count * (sums[i % Length] / count));
        }

        double[] values = SymmetricEigenvalues.Of(covariance, Length);
        double variance = OfEigenvalues(values);
        double least = 1 - Math.Sqrt((double)Length / Math.Max(count, Length));
        return (variance, variance > 0 ? values[^1] / Math.Max(1e-3, least * least) / variance : 1);
    }

    /// <summary>The rule of the paper on eigenvalues, largest first.</summary>
    internal static double OfEigenvalues(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<double> rest = values[i..];
            double mean = 0;
            foreach (double value in rest)
            {
                mean += value / rest.Length;
            }

            double median = 0.5 * (rest[(rest.Length - 1) / 2] + rest[rest.Length / 2]);
            if (mean <= median * (1 + 1e-7))
            {
                return Math.Max(0, mean);
            }
        }

        return Math.Max(0, values[^1]);
    }
}
