using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Photon noise: y = Poisson(peak · x) / peak. Negative samples count as black.</summary>
public sealed record PoissonNoise : NoiseModel
{
    /// <summary>Noise of a picture whose white is <paramref name="peak"/> photons.</summary>
    public PoissonNoise(float peak) => Peak = peak;

    /// <summary>Photons in a white pixel, up to 1e6.</summary>
    public float Peak { get; init => field = Require.Within(Require.Positive(value), 0, 1e6f); }

    private protected override double Draw(double clean, CounterRandom random, ulong index) =>
        random.Poisson(Peak * clean, index) / (double)Peak;
}
