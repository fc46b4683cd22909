using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>The noise that JPEG compression left, measured in the flattest blocks of its own grid.</summary>
/// <remarks>
/// White noise has one variance in all coefficients of a block; quantisation sets the high frequencies to 0 first, so
/// that what is left has a variance for each frequency, v(u, v). In blocks without structure this is the mean square of
/// their coefficients. Blocks are coded one by one: noise in one says nothing of noise in the next, and the
/// autocorrelation is the average over all positions in a block,
/// <code>
/// r(dx, dy) = Σ v(u, v) b_u(dx) b_v(dy) / Σ v(u, v),  b_u(d) = Σ_x f_u(x) f_u(x + d)
/// </code>
/// with f_u the cosine of frequency u.
/// </remarks>
internal static class JpegNoise
{
    private const int Side = BlockCosine.Side;

    private const int MinBlocks = 12;

    // With fewer blocks left those are the edges of bright spots, and hold more structure than noise.
    private const double MinWhole = 0.5;

    // Noise never gets weaker with brightness: a level whose variance is this much above that of a brighter one holds
    // texture, even in its flattest blocks. Chance and the levels' widths make up to a fifth.
    private const double MaxAboveBrighter = 1.3;

    // Noise of quality 50 to 95 has 0.49 to 1.2, in generated fields and on photographs; photographs without noise have
    // 0 to 0.44 where what they hold is strong enough to be seen (docs/algorithms/noise.md).
    private const double MinWhiteness = 0.46;

    /// <summary>What was measured; no levels where there are too few blocks, or most are cut off.</summary>
    /// <param name="Levels">The levels, darkest first.</param>
    /// <param name="Autocorrelation">At lags −4 to 4.</param>
    /// <param name="IsNoise">Whether its spectrum is that of white noise that was compressed.</param>
    /// <param name="Before">Its σ before compression, relative to what is left.</param>
    public sealed record Measured(List<LevelSet> Levels, double[] Autocorrelation, bool IsNoise, double Before);

    /// <summary>Measures the noise of a picture of one or more planes.</summary>
    /// <param name="image">The noisy picture.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    /// <param name="grid">Where blocks start.</param>
    public static Measured Of(Image image, IReadOnlyList<Mask?> masks, JpegGrid grid)
    {
        List<JpegBlock> blocks = [.. image.Planes.SelectMany((plane, c) => JpegBlocks.Of(plane, masks[c], grid))];
        if (blocks.Count < MinBlocks)
        {
            return new([], [], false, 1);
        }

        List<JpegLevel> levels = [.. JpegBlocks.ByBrightness(blocks).Select(static level => new JpegLevel(level))];
        levels.RemoveAll(static level => !level.IsWhole);
        if (levels.Sum(static level => level.Blocks) < MinWhole * blocks.Count)
        {
            return new([], [], false, 1);
        }

        levels = WithoutTexture(levels);
        double least = NoiseEstimator.MinSigma(image.Scale);
        JpegLevel? reference =
            levels.Where(level => level.Variance > least * least).MinBy(static level => level.Variance);
        if (reference is null)
        {
            return new([.. levels.Select(static level => level.Set(level.Variance))], [], false, 1);
        }

        var sets = new List<LevelSet>();
        foreach (JpegLevel level in levels)
        {
            if (level.Variance <= reference.Variance)
            {
                sets.Add(level.Set(level.Variance));
            }
            else if (level.RelativeTo(reference) is { } ratio)
            {
                sets.Add(level.Set(ratio * reference.Variance));
            }
        }

        double whiteness = JpegWhiteness.Of(blocks, reference.Spectrum, image.Scale.Range);
        double before = Math.Sqrt(JpegWhiteness.Before(reference.Spectrum) / reference.Variance);
        return new(sets, Autocorrelation(reference.Spectrum), whiteness > MinWhiteness, before);
    }

    /// <summary>
    /// The variance of noise that is the same everywhere, and its autocorrelation; 0 without blocks. No frequency holds
    /// more of it than of the white noise before compression, whose variance is known: more is structure.
    /// </summary>
    public static (double Variance, double[] Autocorrelation) OfOneLevel(Image image, JpegGrid grid, double before)
    {
        List<JpegBlock> blocks = [.. image.Planes.SelectMany(plane => JpegBlocks.Of(plane, mask: null, grid))];
        if (blocks.Count < MinBlocks)
        {
            return (0, []);
        }

        double[] spectrum = [.. new JpegLevel(blocks).Spectrum.Select(square => Math.Min(square, before))];
        double variance = spectrum.Average();
        return (variance, variance > 0 ? Autocorrelation(spectrum) : []);
    }

    /// <summary>
    /// The levels that are no noisier than brighter ones; levels of which some noise was cut off at white say nothing
    /// of darker ones.
    /// </summary>
    private static List<JpegLevel> WithoutTexture(List<JpegLevel> levels)
    {
        var kept = new List<JpegLevel>();
        double least = double.PositiveInfinity;
        foreach (JpegLevel level in Enumerable.Reverse(levels).Where(level =>
            level.Variance <= MaxAboveBrighter * least))
        {
            kept.Insert(0, level);
            least = level.White > NoiseReading.MinClipped ? least : Math.Min(least, level.Variance);
        }

        return kept;
    }

    private static double[] Autocorrelation(double[] spectrum)
    {
        const int Reach = NoiseCorrelation.Reach, Lags = (2 * Reach) + 1;
        double sum = spectrum.Sum();
        double[] correlation = new double[Lags * Lags];
        for (int i = 0; i < correlation.Length; i++)
        {
            for (int k = 0; k < spectrum.Length; k++)
            {
                correlation[i] += spectrum[k] / sum
                    * BlockCosine.Autocorrelation(k % Side, (i % Lags) - Reach)
                    * BlockCosine.Autocorrelation(k / Side, (i / Lags) - Reach);
            }
        }

        return correlation;
    }
}
