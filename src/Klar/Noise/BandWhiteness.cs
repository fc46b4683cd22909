namespace Klar.Noise;

/// <summary>
/// Whether the highest band holds as much noise as patches see: then the noise is white, whatever neighbouring pixels
/// of flat windows have in common, which is the picture's. Noise whose neighbours correlate by 0.1 leaves three
/// quarters of its variance in the band, by 0.2 half, and patches see more of it.
/// </summary>
internal static class BandWhiteness
{
    // Of white noise the band has 0.91 to 1.17 of what patches see, less where there is texture and more where patches
    // hold several levels (36 noisy files of Set12, 12 real ones, 8 generated).
    private const double Least = 0.9;
    private const double Most = 1.3;

    // Levels of which edges take up more are no judges, nor those that were cut off.
    private const double MaxLeak = 0.45;

    /// <summary>By the median over the band's levels, each counted by its pixels.</summary>
    /// <param name="band">The levels of the highest band.</param>
    /// <param name="line">The noise's variance over brightness as patches see it.</param>
    public static bool Shows(IReadOnlyList<BandLevel> band, VarianceLine line)
    {
        (double Ratio, int Pixels)[] ratios = [.. band
            .Where(static level => level.Leak < MaxLeak && level.Black + level.White < NoiseReading.MinClipped)
            .Select(level => (level.Variance / line.At(level.Mean), level.Pixels))
            .OrderBy(static pair => pair.Item1)];
        double half = 0.5 * ratios.Sum(static pair => (double)pair.Pixels), sum = 0;
        foreach ((double ratio, int pixels) in ratios)
        {
            sum += pixels;
            if (sum >= half)
            {
                return ratio is > Least and < Most;
            }
        }

        return false;
    }
}
