using Klar.Numerics;

namespace Klar.Noise;

/// <summary>
/// Splits photons in two takes: each goes to the second with probability p. Their noises are independent, so that a
/// denoiser of the first is judged by the second without bias, however few the photons are.
/// </summary>
/// <remarks>
/// <code>
/// s = a k + n,   k ~ Poisson(x / a),   n ~ N(0, r)
/// s₂ = a k₂ + n₂,   k₂ ~ Binomial(k, p),   n₂ ~ N(p n, p (1 − p) r)
/// </code>
/// s₂ and s − s₂ are independent, with means p x and (1 − p) x: thinning of a Poisson variable, recorruption of a
/// normal one. What is not a whole number of photons is rounded up or down at random.
/// </remarks>
/// <param name="gain">a.</param>
/// <param name="readVariance">Variance of the read noise.</param>
/// <param name="from">The transformed brightness that stands for 0 in the picture.</param>
/// <param name="unit">The transformed brightness that stands for 1 in the picture, less that.</param>
/// <param name="random">For the draws.</param>
/// <param name="isCutOff">Whether the transform's inverse ends at the offset.</param>
internal sealed class PhotonThinning(
    double gain, double readVariance, double from, double unit, CounterRandom random, bool isCutOff = false)
{
    private const double Share = 0.1;

    private readonly double _read = Math.Max(0, readVariance);
    private readonly GeneralisedAnscombe _first =
        new(gain, (1 - Share) * Math.Max(0, readVariance), offset: 0, isCutOff);

    /// <summary>
    /// Of a sample of the stabilised picture: the first take, stabilised in the same way, and the second over p,
    /// which expects x.
    /// </summary>
    public (float First, float Second) Split(float sample, ulong index)
    {
        // The transform's algebraic inverse: the sample as it was measured, less offset.
        double root = gain * ((sample * unit) + from) / 2;
        double measured = ((root * root) - (0.375 * gain * gain) - _read) / gain;
        double photons = Math.Max(0, measured / gain), whole = Math.Floor(photons);
        long count = (long)whole + (random.Uniform(index, draw: 0) < photons - whole ? 1 : 0);
        double second = (gain * random.Binomial(count, Share, index, draw: 1))
            + (Share * (measured - (gain * count)))
                + (Math.Sqrt(Share * (1 - Share) * _read) * NormalQuantile.Of(random.Uniform(index, draw: 2)));
        return ((float)((_first.Forward(measured - second) - from) / unit), (float)(second / Share));
    }

    /// <summary>x, as a denoiser of first takes sees it.</summary>
    public float Brightness(float denoised) => (float)(_first.Inverse((denoised * unit) + from) / (1 - Share));
}
