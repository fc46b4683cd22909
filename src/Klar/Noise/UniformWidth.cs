namespace Klar.Noise;

/// <summary>Tells uniform noise, as rounding makes it, from normal noise.</summary>
internal static class UniformWidth
{
    // Below this a normal distribution is ruled out, for the fourth moment and for the positive half.
    private const double UniformKurtosis = 2.3;
    private const double UniformRatio = 1.42;
    private const double MinUniformRatio = 1.25;

    // Of less than this nothing is known of the distribution.
    private const double MinMeasured = 0.3;

    // Uniform noise, clipped or not, on 27 images fits within these of the best reading; photon noise that looks
    // uniform does not.
    private const double MaxMisfit = 1.6;
    private const double MinMisfit = 0.004;

    /// <summary>The width of uniform noise, if that is what it looks like.</summary>
    public static double? Of(List<LevelSet> sets)
    {
        LevelSet[] whole = [.. sets.Where(static set => set.IsWhole && !set.IsOfBand)];
        LevelSet[] halves = [.. sets.Where(
            static set => !set.IsOfBand && set.Black is > 0.3 and < 0.6 && set.White < NoiseReading.MinClipped)];
        double wholeWeight = whole.Sum(static set => (double)set.Patches),
            halfWeight = halves.Sum(static set => (double)set.Patches);
        if (wholeWeight + halfWeight < MinMeasured * sets.Sum(static set => (double)set.Patches))
        {
            return null;
        }

        if (wholeWeight >= halfWeight && wholeWeight > 0)
        {
            double kurtosis = whole.Sum(static set => set.Patches * set.Kurtosis) / wholeWeight;
            NoisePoint[] points = [.. whole.Select(static set => new NoisePoint(set.Mean, set.Variance, set.Patches))];
            return kurtosis < UniformKurtosis ? Math.Sqrt(12 * VarianceLine.Level(points).Read) : null;
        }

        double ratio = halfWeight == 0 ? 0 : halves.Sum(static set => set.Patches * set.PositiveRatio) / halfWeight;
        if (ratio is < MinUniformRatio or > UniformRatio)
        {
            return null;
        }

        // Samples above black are uniform from 0 to h = x + w/2, and the share at black is 1/2 − x/w: w = h / (1 −
        // share).
        double width = halves.Sum(static set => set.Patches * 2 * set.PositiveMean / (1 - set.Black)) / halfWeight;

        return width;
    }

    /// <summary>
    /// Whether noise of that width, clipped as the image is, explains the sets about as well as a reading of that
    /// misfit. Photon noise in the dark looks alike, but grows where there is light.
    /// </summary>
    public static bool Explains(List<LevelSet> sets, double width, bool bounded, double misfit)
    {
        double sum = 0, all = 0;
        foreach (LevelSet set in sets.Where(static set => set.Variance > 0))
        {
            double off = Math.Min(
                0.5, Math.Abs(Numerics.Elementary.Log(set.Variance / ClippedVariance(set.Mean, width, bounded))));
            (sum, all) = (sum + (set.Patches * off * off), all + set.Patches);
        }

        return sum <= all * ((MaxMisfit * misfit) + MinMisfit);
    }

    /// <summary>The variance of uniform noise that was cut off at black and white, by the mean that is left.</summary>
    private static double ClippedVariance(double mean, double width, bool bounded)
    {
        double half = width / 2, low = -half, high = 1 + half;
        for (int step = 0; bounded && step < 40; step++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Moments(middle, half).Mean < mean ? (middle, high) : (low, middle);
        }

        return bounded ? Math.Max(1e-9, Moments(low, half).Variance) : width * width / 12;
    }

    private static (double Mean, double Variance) Moments(double x, double half)
    {
        double from = Math.Clamp(x - half, 0, 1), to = Math.Clamp(x + half, 0, 1);
        double white = Math.Max(0, x + half - 1) / (2 * half);
        double mean = (((to * to) - (from * from)) / (4 * half)) + white;
        double square = (((to * to * to) - (from * from * from)) / (6 * half)) + white;
        return (mean, square - (mean * mean));
    }
}
