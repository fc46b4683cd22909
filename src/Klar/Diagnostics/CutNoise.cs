using Klar.Imaging;
using Klar.Noise;

namespace Klar.Diagnostics;

/// <summary>
/// Places where much of the noise was cut off at black or white. There a sample is on the average not what the picture
/// is, so that the risk of what restores the picture (docs/algorithms/noise.md, clipping) is estimated too high, and
/// that of a plain blur too low.
/// </summary>
internal static class CutNoise
{
    // Of normal noise whose mean is this many standard deviations from the limit 7 % are cut off.
    private const double Deviations = 1.5;
    private const int Radius = 3;

    /// <summary>The masks, and with them the places where the noise is cut off.</summary>
    /// <param name="noisy">The image.</param>
    /// <param name="masks">Samples that are no picture, channel by channel; null where there are none.</param>
    /// <param name="noise">What was measured.</param>
    public static IReadOnlyList<Mask?> LeftOut(Image noisy, IReadOnlyList<Mask?> masks, NoiseEstimate noise)
    {
        if (!noise.CutAtBlack && !noise.CutAtWhite)
        {
            return masks;
        }

        var additive = new AdditiveNoise((float)noise.Sigma) { Levels = noise.Levels };
        return [.. noisy.Planes.Select((plane, c) => LeftOut(plane, masks[c], noise, additive))];
    }

    private static Mask LeftOut(Plane plane, Mask? mask, NoiseEstimate noise, AdditiveNoise additive)
    {
        float[] mean = BoxMean.Of(plane, Radius);
        bool[] left = new bool[mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            double reach = Deviations * additive.At(mean[i]);
            left[i] = mask?[i] == true
                || (noise.CutAtBlack && mean[i] < reach)
                || (noise.CutAtWhite && mean[i] > 1 - reach);
        }

        return new Mask(plane.Width, plane.Height, left);
    }
}
