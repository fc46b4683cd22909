using Klar.Numerics;

namespace Klar.Noise;

/// <summary>White Gaussian noise: y = x + N(0, σ²).</summary>
public sealed record GaussianNoise : NoiseModel
{
    /// <summary>Noise of <paramref name="sigma255"/> grey levels of 255.</summary>
    public GaussianNoise(float sigma255) => Sigma255 = sigma255;

    /// <summary>σ in 255ths of the nominal white.</summary>
    public float Sigma255 { get; init => field = Require.NotNegative(value); }

    private protected override double Draw(double clean, CounterRandom random, ulong index) =>
        clean + (Sigma255 / 255.0 * random.Normal(index));
}
