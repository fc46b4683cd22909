using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Impulses: a share of the samples becomes black or white, each half as often.</summary>
public sealed record SaltPepperNoise : NoiseModel
{
    /// <summary>Impulses at the share <paramref name="density"/> of all samples.</summary>
    public SaltPepperNoise(float density) => Density = density;

    /// <summary>The share of the samples that is hit, 0 to 1.</summary>
    public float Density { get; init => field = Require.Within(value, 0, 1); }

    private protected override double Draw(double clean, CounterRandom random, ulong index)
    {
        double u = random.Uniform(index);
        return u >= Density ? clean : u < Density / 2 ? 0 : 1;
    }
}
