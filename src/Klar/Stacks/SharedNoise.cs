using Klar.Numerics;

namespace Klar;

/// <summary>
/// How much of their noise neighbouring pages have in common: a fixed pattern, or frames that were averaged over time.
/// Measured in the highest diagonal band, which optics leave to the noise.
/// </summary>
public static class SharedNoise
{
    /// <summary>
    /// The correlation of two pages' noise; null where one has none. σ² of the difference is what each has of its own.
    /// </summary>
    public static double? Correlation(Image page, Image other)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(other);
        (double product, double own) = (0, 0);
        for (int c = 0; c < page.Planes.Count; c++)
        {
            (int width, int height) = (page.Width, page.Height);
            ReadOnlySpan<float> first = page.Planes[c].Samples, second = other.Planes[c].Samples;
            float[] difference = new float[first.Length];
            for (int i = 0; i < difference.Length; i++)
            {
                difference[i] = first[i] - second[i];
            }

            double a = DiagonalDetail.Sigma(first, width, height), b = DiagonalDetail.Sigma(second, width, height);
            double d = DiagonalDetail.Sigma(difference, width, height);
            product += ((a * a) + (b * b) - (d * d)) / 2;
            own += a * b;
        }

        return own > 0 ? Math.Clamp(product / own, -1, 1) : null;
    }
}
