using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Photon noise and a camera's read noise: y = Poisson(peak · x) / peak + N(0, σ²).</summary>
public sealed record PoissonGaussianNoise : NoiseModel
{
    private const ulong ReadNoiseIndex = 1UL << 63; // far from every index of the photons

    /// <summary>
    /// White is <paramref name="peak"/> photons; the read noise is <paramref name="sigma255"/> grey levels of 255.
    /// </summary>
    public PoissonGaussianNoise(float peak, float sigma255) => (Peak, Sigma255) = (peak, sigma255);

    /// <summary>Photons in a white pixel, up to 1e6.</summary>
    public float Peak { get; init => field = Require.Within(Require.Positive(value), 0, 1e6f); }

    /// <summary>σ of the read noise in 255ths of the nominal white.</summary>
    public float Sigma255 { get; init => field = Require.NotNegative(value); }

    private protected override double Draw(double clean, CounterRandom random, ulong index) =>
        (random.Poisson(Peak * clean, index) / (double)Peak)
        + (Sigma255 / 255.0 * random.Normal(index | ReadNoiseIndex));
}
