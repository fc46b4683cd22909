using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Uniform noise: y = x + U(−w/2, w/2).</summary>
public sealed record UniformNoise : NoiseModel
{
    /// <summary>Noise of total width <paramref name="width"/>.</summary>
    public UniformNoise(float width) => Width = width;

    /// <summary>w, the total width in units of the nominal white.</summary>
    public float Width { get; init => field = Require.NotNegative(value); }

    private protected override double Draw(double clean, CounterRandom random, ulong index) =>
        clean + (Width * (random.Uniform(index) - 0.5));
}
