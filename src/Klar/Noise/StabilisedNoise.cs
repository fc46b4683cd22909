using Klar.Numerics;

namespace Klar.Noise;

/// <summary>
/// What the generalised Anscombe transform leaves of photon noise: of variance near 1, but at few photons neither
/// normal nor symmetric. Normal noise goes in, noise of that distribution comes out; so correlated normal noise gives
/// correlated noise.
/// </summary>
/// <remarks>
/// With Φ the normal distribution and F the distribution of A(a Poisson(λ) + n) at a brightness, F⁻¹(Φ(z)) has
/// distribution F. F is drawn for some brightnesses; between them, and between quantiles, a line.
/// </remarks>
internal sealed class StabilisedNoise
{
    private const int Brightnesses = 48;
    private const int Draws = 4096;
    private const int PerUnit = 16;
    private const int Reach = 3;
    private const int Quantiles = (2 * Reach * PerUnit) + 1;

    // At less than about one photon in sixteen hardly any noise is left to give a shape to.
    private const double MinDeviation = 0.25;

    private readonly double _from;
    private readonly double _perStep;
    private readonly float[] _shapes = new float[Brightnesses * Quantiles];

    /// <param name="anscombe">The transform.</param>
    /// <param name="gain">a.</param>
    /// <param name="readVariance">Variance of n.</param>
    /// <param name="offset">The camera's offset.</param>
    /// <param name="least">The least brightness, transformed.</param>
    /// <param name="most">The greatest.</param>
    /// <param name="random">For the draws.</param>
    public StabilisedNoise(
        GeneralisedAnscombe anscombe, double gain, double readVariance, double offset, double least, double most,
        CounterRandom random)
    {
        double read = Math.Max(0, readVariance);
        (_from, _perStep) = (least, Math.Max(1e-9, (most - least) / (Brightnesses - 1)));
        double[] drawn = new double[Draws];
        for (int level = 0; level < Brightnesses; level++)
        {
            double photons = Math.Max(0, (anscombe.Inverse(_from + (level * _perStep)) - offset) / gain);
            for (int i = 0; i < Draws; i++)
            {
                ulong index = (ulong)((level * Draws) + i);
                double sample = offset
                    + (gain * random.Poisson(photons, 2 * index))
                    + (Math.Sqrt(read) * random.Normal((2 * index) + 1));
                drawn[i] = anscombe.Forward(sample);
            }

            Array.Sort(drawn);
            Shape(drawn).CopyTo(_shapes.AsSpan(level * Quantiles));
        }
    }

    /// <summary>Noise of variance about 1 at a transformed brightness, from normal noise.</summary>
    public float Of(double brightness, float normal)
    {
        double level = Math.Clamp((brightness - _from) / _perStep, 0, Brightnesses - 1.001);
        double place = Math.Clamp((normal + Reach) * PerUnit, 0, Quantiles - 1.001);
        (int l, int p) = ((int)level, (int)place);
        ReadOnlySpan<float> lower = _shapes.AsSpan((l * Quantiles) + p, 2),
            upper = _shapes.AsSpan(((l + 1) * Quantiles) + p, 2);
        float share = (float)(place - p), above = (float)(level - l);
        float low = lower[0] + (share * (lower[1] - lower[0])), high = upper[0] + (share * (upper[1] - upper[0]));
        return low + (above * (high - low));
    }

    /// <summary>The quantiles at z = −3 to 3, less their mean, over their deviation.</summary>
    private static float[] Shape(double[] sorted)
    {
        double mean = sorted.Average();
        double deviation = Math.Sqrt(sorted.Average(value => (value - mean) * (value - mean)));
        return [.. Enumerable.Range(0, Quantiles).Select(k =>
        {
            double z = (k / (double)PerUnit) - Reach;
            return deviation < MinDeviation
                ? (float)z
                : (float)((sorted[Math.Min(Draws - 1, (int)(Draws * Normal.Distribution(z)))] - mean) / deviation);
        })];
    }
}
