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
        FormattableString sentence = noise.Kind switch
        {
            NoiseKind.None => $"No noise was found.",
            NoiseKind.PoissonGaussian => $"The noise is that of photons: it grows with brightness, and a white pixel is about {1 / noise.Gain:G3} photons.",
            NoiseKind.Impulsive => $"{noise.HotPixels} single samples are stuck or struck; behind them the noise is about {noise.Sigma * scale.Range:G3} grey levels.",
            NoiseKind.Uniform => $"The noise is uniform, {noise.Sigma * Math.Sqrt(12) * scale.Range:G3} grey levels wide, the same everywhere.",
            _ => $"The noise is additive, about {noise.Sigma * scale.Range:G3} grey levels, the same everywhere.",
        };
        return sentence.ToString(CultureInfo.InvariantCulture);
    }
}
