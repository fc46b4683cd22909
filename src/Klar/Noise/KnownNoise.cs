using System.Globalization;

namespace Klar.Noise;

/// <summary>
/// What the user knows of a camera's noise, from its data sheet for example; what is null is measured. In grey levels
/// of the file, since that is what data sheets and the file's own tags say.
/// </summary>
public sealed record KnownNoise
{
    /// <summary>Grey levels a photon (or electron), above 0.</summary>
    public double? Gain { get; init => field = value is { } gain ? Require.Positive(gain) : null; }

    /// <summary>σ of the noise where there is no light, in grey levels, not below 0.</summary>
    public double? ReadNoise { get; init => field = value is { } noise ? Require.NotNegative(noise) : null; }

    /// <summary>The grey level where there is no light.</summary>
    public double? Offset { get; init => field = value is { } offset ? Require.Finite(offset) : null; }

    /// <summary>What is known, in words.</summary>
    internal string ToText()
    {
        (string Name, double? Value)[] all = [("gain", Gain), ("read noise", ReadNoise), ("offset", Offset)];
        return string.Join(", ", all.Where(static pair => pair.Value is not null).Select(
            static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Name} {pair.Value}")));
    }

    /// <summary>The measured noise, with what is known in the place of what was measured.</summary>
    internal NoiseEstimate In(NoiseEstimate measured, SampleScale scale)
    {
        if (Gain is null && ReadNoise is null && Offset is null)
        {
            return measured;
        }

        double? gain = Gain / scale.Range, read = ReadNoise / scale.Range;
        double offset = ((Offset - scale.Black) / scale.Range) ?? measured.Offset;
        (double x, double variance) = measured.DarkEnd is { } dark
            ? (dark.Brightness, dark.Sigma * dark.Sigma)
            : (offset, measured.Sigma * measured.Sigma);
        if (gain is null)
        {
            // Through the read noise at the offset and what was measured where it is bright.
            gain = read is { } r && measured.BrightEnd is { } bright && bright.Brightness > offset
                ? Math.Max(0, ((bright.Sigma * bright.Sigma) - (r * r)) / (bright.Brightness - offset))
                : measured.Gain;
        }

        double known = read ?? Math.Sqrt(Math.Max(0, variance - (gain.Value * (x - offset))));
        var line = new VarianceLine(gain.Value, (known * known) - (gain.Value * offset));
        double sigma = Math.Sqrt(line.At(Math.Max(offset, measured.Brightness)));
        return measured with
        {
            Kind = gain > 0 ? NoiseKind.PoissonGaussian : NoiseKind.Gaussian,
            Sigma = sigma,
            Gain = gain.Value,
            ReadNoise = known,
            Offset = offset,
            Levels = [.. measured.Levels.Select(level => (level.Brightness, Math.Sqrt(line.At(level.Brightness))))],
            Confidence = Gain is not null && ReadNoise is not null && Offset is not null ? 1 : measured.Confidence,
        };
    }
}
