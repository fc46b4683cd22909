namespace Klar.Stacks;

/// <summary>
/// Whether two pages show the same scene: how far their smoothed structure agrees, of which the noise is taken off.
/// </summary>
/// <param name="gain">The standard deviation of smoothed noise, of noise of 1, at the coarsest scale.</param>
/// <param name="sigmas">σ of each channel.</param>
internal sealed class PageKinship(float gain, float[] sigmas)
{
    // Frames of migrating cells agree by 0.9 and more, neighbouring slices by 0.8; different scenes by 0.3 at most.
    private const double MinAgreement = 0.5;

    // With less structure than this, in units of the smoothed noise's variance, there is none to compare: such pages
    // are related if they do not differ by more than noise.
    private const double MinStructure = 0.2;
    private const double MaxExcess = 0.1;

    /// <summary>Whether pages, smoothed at the coarsest scale, belong together.</summary>
    public bool Are(IReadOnlyList<float[]> smooth, IReadOnlyList<float[]> other)
    {
        (double difference, double structure) = (0, 0);
        for (int c = 0; c < smooth.Count; c++)
        {
            double noise = (double)gain * gain * sigmas[c] * sigmas[c];
            (double a, double b, double d) = Variances(smooth[c], other[c]);
            difference += (d / noise) - 2;
            structure += ((a + b) / noise) - 2;
        }

        return structure < 2 * MinStructure * smooth.Count
            ? difference < 2 * MaxExcess * smooth.Count
            : 1 - (difference / structure) > MinAgreement;
    }

    /// <summary>The variances of two planes, and of their difference.</summary>
    private static (double First, double Second, double Difference) Variances(float[] first, float[] second)
    {
        (double a, double b) = (first.Average(static s => (double)s), second.Average(static s => (double)s));
        (double aa, double bb, double dd) = (0, 0, 0);
        for (int i = 0; i < first.Length; i++)
        {
            double x = first[i] - a, y = second[i] - b;
            aa += x * x;
            bb += y * y;
            dd += (x - y) * (x - y);
        }

        return (aa / first.Length, bb / first.Length, dd / first.Length);
    }
}
