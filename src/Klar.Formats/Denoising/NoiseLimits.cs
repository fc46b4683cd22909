using System.Globalization;
using Klar.Noise;

namespace Klar.Formats.Denoising;

/// <summary>Noise that a file of a scale cannot have, however it was given.</summary>
internal static class NoiseLimits
{
    /// <summary>The least σ, in 255ths, of which single precision can make something.</summary>
    public const double MinSigma = 0.001;

    /// <summary>The greatest; beyond, results would be empty or not finite.</summary>
    public const double MaxSigma = 2550;

    // In units of the range of a file's values. With the least gain white is a billion photons; the read noise ends
    // where --sigma does.
    private const double MinGain = 1e-9;
    private const double MaxGain = 100;
    private const double MaxReadNoise = 10;
    private const double MaxOffset = 1e6;

    /// <summary>Refuses what no file of this scale can have.</summary>
    /// <param name="sigmaGreyLevels">A level in the file's grey levels; null where none was given so.</param>
    /// <param name="known">What is known of the camera; null where nothing is.</param>
    /// <param name="scale">The file's scale.</param>
    /// <exception cref="InvalidRequestException">The message names the option.</exception>
    public static void Refuse(double? sigmaGreyLevels, KnownNoise? known, SampleScale scale)
    {
        if (sigmaGreyLevels is { } sigma)
        {
            _ = Plausible(255 * sigma / scale.Range, string.Create(CultureInfo.InvariantCulture, $"{sigma}gl"));
        }

        if (known is not null)
        {
            Refuse("--gain", known.Gain, MinGain * scale.Range, MaxGain * scale.Range);
            Refuse("--read-noise", known.ReadNoise, 0, MaxReadNoise * scale.Range);
            double farthest = MaxOffset * scale.Range;
            Refuse("--offset", known.Offset, scale.Black - farthest, scale.Black + farthest);
        }
    }

    /// <summary>A level in 255ths.</summary>
    /// <exception cref="InvalidRequestException">It is not one of noise.</exception>
    public static double Plausible(double sigma255, string text) => sigma255 is >= MinSigma and <= MaxSigma
        ? sigma255
        : throw new InvalidRequestException(string.Create(
            CultureInfo.InvariantCulture,
            $"--sigma {text}: noise is from {MinSigma} to {MaxSigma} 255ths of white, and this is {sigma255:G3}"));

    private static void Refuse(string option, double? value, double min, double max)
    {
        if (value < min || value > max)
        {
            // As people write it: 1e30.
            string given = $"{value}".Replace("E+", "e", StringComparison.Ordinal)
                .Replace("E-", "e-", StringComparison.Ordinal);
            throw new InvalidRequestException(string.Create(
                CultureInfo.InvariantCulture,
                $"{option} {given}: in this file it can be from {min:G3} to {max:G3} grey levels"));
        }
    }
}
