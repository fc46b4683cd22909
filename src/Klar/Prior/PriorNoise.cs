using Klar.Generated;

namespace Klar.Prior;

/// <summary>What the network is given of a channel's noise: its level at every pixel and its correlation.</summary>
/// <param name="noise">What was measured; null for white noise of one level.</param>
/// <param name="map">How the level varies over the page; null where it does not.</param>
internal sealed class PriorNoise(AdditiveNoise? noise, NoiseMap? map)
{
    // A weaker correlation of neighbours may as well be structure; a stronger one was not trained.
    private const double MinLag = 0.05, MaxLag = 0.84;

    private const float Blur = 2;

    /// <summary>The correlation of neighbours across and down.</summary>
    public (float Across, float Down) Lag1 { get; } =
        noise?.Autocorrelation is { } lags ? (Clamped(lags[(4 * 9) + 5]), Clamped(lags[(5 * 9) + 4])) : (0, 0);

    /// <summary>
    /// The level at every pixel. Where it was measured over brightness it is read from the noisy picture, blurred.
    /// </summary>
    /// <param name="levels">To be filled.</param>
    /// <param name="channel">The noisy channel, row-major.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="sigma">The channel's level.</param>
    /// <param name="view">How it is shown.</param>
    public void FillLevels(
        Span<float> levels, ReadOnlySpan<float> channel, int width, int height, float sigma, PriorView view)
    {
        float level = view.ShownSigma(sigma);
        levels.Fill(level);
        bool isLuminance = view.Centre != 0;
        if (isLuminance && noise is { Stabilised: true, Clipped: false, Levels.Count: > 0 })
        {
            FillByBrightness(levels, channel, width, height, level, noise);
        }

        for (int i = 0; map is not null && i < levels.Length; i++)
        {
            levels[i] = Math.Max(PriorView.MinSigma, levels[i] * map.Relative[i]);
        }
    }

    private static void FillByBrightness(
        Span<float> levels, ReadOnlySpan<float> channel, int width, int height, float level, AdditiveNoise noise)
    {
        var grid = new Grid(width, height);
        channel.CopyTo(grid.Values);
        float[] blurred = grid.Blurred(Blur).Values;
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = Math.Max(
                PriorView.MinSigma, level * Math.Clamp(noise.At(blurred[i]) / noise.Sigma, 0.5f, 2));
        }
    }

    private static float Clamped(double lag) => lag < MinLag ? 0 : (float)Math.Min(lag, MaxLag);
}
