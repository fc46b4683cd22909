using System.Globalization;
using Klar.Noise;

namespace Klar.Reports;

/// <summary>What was measured of the noise, as one would say it.</summary>
public static class NoiseInWords
{
    /// <summary>A sentence on kind and level, in the file's grey levels.</summary>
    public static string Sentence(NoiseEstimate noise, SampleScale scale)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(scale);
        double level = noise.Sigma * scale.Range;
        return noise.Kind switch
        {
            NoiseKind.None => "No noise was found.",
            NoiseKind.PoissonGaussian => string.Create(
                CultureInfo.InvariantCulture,
                $"The noise is that of photons: it grows with brightness, and a white pixel is about "
                + $"{1 / noise.Gain:G3} photons."),
            NoiseKind.Impulsive => string.Create(
                CultureInfo.InvariantCulture,
                $"{noise.HotPixels} single samples are stuck or struck; behind them the noise is about "
                + $"{level:G3} grey levels."),
            NoiseKind.Uniform => string.Create(
                CultureInfo.InvariantCulture,
                $"The noise is uniform, {level * Math.Sqrt(12):G3} grey levels wide, the same everywhere."),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"The noise is additive, about {level:G3} grey levels, the same everywhere."),
        };
    }
}
