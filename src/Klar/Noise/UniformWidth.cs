namespace Klar.Noise;

/// <summary>Tells uniform noise, as rounding makes it, from normal noise.</summary>
internal static class UniformWidth
{
    // Below this a normal distribution is ruled out, for the fourth moment and for the positive half.
    private const double UniformKurtosis = 2.3;
    private const double UniformRatio = 1.42;
    private const double LeastUniformRatio = 1.25;

    // Uniform noise may seem to grow with brightness by so much in variance; photon noise grows more.
    private const double MostGrowth = 1.35;

    /// <summary>The width of uniform noise, if that is what it looks like.</summary>
    public static double? Of(List<LevelSet> sets)
    {
        LevelSet[] whole = [.. sets.Where(static set => set.Black + set.White < NoiseReading.LeastClipped)];
        LevelSet[] halves = [.. sets.Where(static set => set.Black is > 0.3 and < 0.6 && set.White < NoiseReading.LeastClipped)];
        double wholeWeight = whole.Sum(static set => (double)set.Patches), halfWeight = halves.Sum(static set => (double)set.Patches);
        if (wholeWeight >= halfWeight && wholeWeight > 0)
        {
            double kurtosis = whole.Sum(static set => set.Patches * set.Kurtosis) / wholeWeight;
            return kurtosis < UniformKurtosis ? Math.Sqrt(12 * VarianceLine.Level([.. whole.Select(static set => (set.Mean, set.Variance, (double)set.Patches))]).Read) : null;
        }

        double ratio = halfWeight == 0 ? 0 : halves.Sum(static set => set.Patches * set.PositiveRatio) / halfWeight;
        if (ratio is < LeastUniformRatio or > UniformRatio)
        {
            return null;
        }

        // Samples above black are uniform from 0 to h = x + w/2, and the share at black is 1/2 − x/w: w = h / (1 − share).
        double width = halves.Sum(static set => set.Patches * 2 * set.PositiveMean / (1 - set.Black)) / halfWeight;

        // Photon noise in the dark looks alike, but it grows where there is light.
        LevelSet[] bright = [.. sets.Where(static set => set.Black < 0.1 && set.White < NoiseReading.LeastClipped)];
        double level = bright.Length == 0 ? width * width / 12 : VarianceLine.Level([.. bright.Select(static set => (set.Mean, set.Variance, (double)set.Patches))]).Read;
        return level < MostGrowth * width * width / 12 ? width : null;
    }
}
