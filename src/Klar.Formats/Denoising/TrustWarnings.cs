using System.Globalization;
using Klar.Diagnostics;
using Klar.Noise;

namespace Klar.Formats.Denoising;

/// <summary>
/// What a user is told of a result that is judged. Trust compares textures at the finest scale, and where nothing of
/// the picture is left there is no texture any more: then the whole residual says what happened.
/// </summary>
internal static class TrustWarnings
{
    // A residual is at most about as large as the noise; more of it, with little of the noise's fine grain in it and
    // none left in the result, is picture.
    private const double MaxResidual = 1.5;
    private const double MaxRemoved = 0.5;
    private const double MaxLeft = 0.05;
    private const double SigmaOfMedian = 1.4826;
    private const int MaxSamples = 1 << 16;

    /// <summary>The warnings on <paramref name="result"/>, made from <paramref name="noisy"/>.</summary>
    public static IReadOnlyList<string> Of(Trust? trust, NoiseEstimate? noise, Image noisy, Image result)
    {
        if (trust is null || noise is not { Sigma: > 0 })
        {
            return trust?.Warnings ?? [];
        }

        double residual = noisy.Planes.Zip(result.Planes, Level).Average() / noise.Sigma;
        return residual > MaxResidual && trust is { Removed: < MaxRemoved, Left: < MaxLeft }
            ? [TooMuch(residual)]
            : trust.Warnings;
    }

    private static string TooMuch(double residual) =>
        $"much more was taken out than noise was measured ({residual.ToString("F1", CultureInfo.InvariantCulture)} "
        + "times its level): the picture itself is among it; is the noise level that was given right?";

    /// <summary>The level of a residual by its median, which hot pixels do not move.</summary>
    private static double Level(Plane input, Plane output)
    {
        int step = 1 + (input.Samples.Length / MaxSamples);
        float[] sizes = new float[input.Samples.Length / step];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Abs(input.Samples[i * step] - output.Samples[i * step]);
        }

        Array.Sort(sizes);
        return sizes.Length == 0 ? 0 : SigmaOfMedian * sizes[sizes.Length / 2];
    }
}
