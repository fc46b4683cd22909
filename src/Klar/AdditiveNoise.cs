using Klar.Noise;

namespace Klar;

/// <summary>Additive Gaussian noise as a method is told of it.</summary>
/// <param name="Sigma">σ in sample units, above 0.</param>
public sealed record AdditiveNoise(float Sigma)
{
    /// <summary>Autocorrelation at lags −4 to 4 (9 × 9, row-major, 1 in the middle), or null for white noise.</summary>
    public IReadOnlyList<double>? Autocorrelation { get; init; }

    /// <summary>
    /// σ over brightness as it was measured, darkest first, for what wants to know more than one level; null if it is
    /// the same everywhere.
    /// </summary>
    public IReadOnlyList<(double Brightness, double Sigma)>? Levels { get; init; }

    /// <summary>
    /// How much a small change at a brightness changes the final picture, once a transform or clipping is undone;
    /// null where nothing is undone. Errors count with its square.
    /// </summary>
    public Func<float, float>? Slope { get; init; }

    /// <summary>
    /// What normal noise of variance 1 becomes at a brightness, where the noise is not normal: of mean 0 and variance
    /// 1 again. Null for normal noise.
    /// </summary>
    public Func<float, float, float>? Shape { get; init; }

    /// <summary>Whether it is what a transform left of photon noise: additive and Gaussian only about.</summary>
    public bool Stabilised { get; init; }

    /// <summary>
    /// Whether patches of it do not look as its level and autocorrelation say: there is something in it that was not
    /// measured.
    /// </summary>
    public bool Irregular { get; init; }

    /// <summary>
    /// Whether it went through JPEG compression: the autocorrelation is known well and counts however weak it is, and
    /// the noise is not Gaussian.
    /// </summary>
    public bool Compressed { get; init; }

    /// <summary>Whether much of it was cut off at black or white: there it is neither of mean 0 nor Gaussian.</summary>
    public bool Clipped { get; init; }

    /// <summary>How the photons that were stabilised are split in two takes; null where there are none.</summary>
    internal PhotonThinning? Thinning { get; init; }

    /// <summary>σ at a brightness, from level to level a line.</summary>
    internal float At(float brightness)
    {
        if (Levels is not { Count: > 0 } levels)
        {
            return Sigma;
        }

        int next = 0;
        while (next < levels.Count && levels[next].Brightness < brightness)
        {
            next++;
        }

        if (next == 0 || next == levels.Count)
        {
            return (float)levels[Math.Min(next, levels.Count - 1)].Sigma;
        }

        ((double x0, double s0), (double x1, double s1)) = (levels[next - 1], levels[next]);
        return (float)(s0 + ((brightness - x0) / (x1 - x0) * (s1 - s0)));
    }

    /// <summary>Correlation of neighbours, the mean of across and down.</summary>
    internal double Lag1 => Autocorrelation is { } lags ? 0.5 * (lags[(4 * 9) + 5] + lags[(5 * 9) + 4]) : 0;
}
