using Klar.Imaging;
using Klar.Noise;

namespace Klar.Diagnostics;

/// <summary>
/// Whether what was measured as noise is everywhere, as noise is, or only where there is texture. A photograph has flat
/// blocks, whose highest band holds hardly any of it; of a picture with noise each block holds what the brightness
/// there explains.
/// </summary>
/// <remarks>
/// Over blocks of 16 × 16, the mean of d² / σ²(m), with the second differences d and the means m of <see
/// cref="DiagonalBand"/>. Of noise it scatters by √(7.6 / 256) = 0.17 about 1.
/// </remarks>
internal static class NoiseEvenness
{
    private const int Block = 16;

    // Where less noise than this is expected, in units of the least that can be measured, there is rounding alone.
    private const double MinNoise = 2;

    // Where more samples are cut off at black or white, less noise is left than there was.
    private const double MaxCut = 0.02;

    // Where fewer photons come, they are events and no level.
    private const double MinPhotons = 0.5;

    // The share of the noise's energy that lies in blocks with less than what is told.
    private const double Lowest = 0.1;

    /// <summary>
    /// The ratio that the blocks with a tenth of the noise's energy fall short of: about 0.8 of noise, below 0.4 of
    /// textures; 1 if no block can tell.
    /// </summary>
    /// <param name="image">The noisy image.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    /// <param name="noise">What was measured.</param>
    public static double Of(Image image, IReadOnlyList<Mask?> masks, NoiseEstimate noise)
    {
        double least = NoiseEstimator.MinSigma(image.Scale);
        var expected = new AdditiveNoise((float)Math.Max(noise.Sigma, least)) { Levels = noise.Levels };
        (double Ratio, double Energy)[] blocks =
            [.. image.Planes.SelectMany((plane, c) => OfBlocks(plane, masks[c], expected, MinNoise * least, noise))
                .OrderBy(static block => block.Ratio)];
        double limit = Lowest * blocks.Sum(static block => block.Energy), sum = 0;
        foreach ((double ratio, double energy) in blocks)
        {
            sum += energy;
            if (sum >= limit)
            {
                return ratio;
            }
        }

        return 1;
    }

    private static IEnumerable<(double Ratio, double Energy)> OfBlocks(
        Plane plane, Mask? mask, AdditiveNoise expected, double least, NoiseEstimate noise)
    {
        for (int top = 1; top + Block < plane.Height; top += Block)
        {
            for (int left = 1; left + Block < plane.Width; left += Block)
            {
                if (mask?.Touches(left - 1, top - 1, Block + 2) == true)
                {
                    continue;
                }

                double sum = 0, energy = 0;
                int count = 0, cut = 0;
                for (int y = top; y < top + Block; y++)
                {
                    ReadOnlySpan<float> above = plane.Row(y - 1), row = plane.Row(y), below = plane.Row(y + 1);
                    for (int x = left; x < left + Block; x++)
                    {
                        float sides = above[x] + below[x] + row[x - 1] + row[x + 1];
                        float corners = above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1];
                        float mean = ((16 * row[x]) + (4 * sides) + corners) / 36;
                        float difference = (4 * row[x]) - (2 * sides) + corners;
                        double sigma = expected.At(mean);
                        cut += (noise.ClippedBlack > 0 && row[x] <= 0) || (noise.ClippedWhite > 0 && row[x] >= 1)
                            ? 1
                            : 0;
                        double light = mean - noise.Offset;
                        bool isRare = light < MinPhotons * noise.Gain
                            && noise.Gain * light > noise.ReadNoise * noise.ReadNoise;
                        if (sigma >= least && !isRare)
                        {
                            sum += difference * difference / (36 * sigma * sigma);
                            energy += sigma * sigma;
                            count++;
                        }
                    }
                }

                if (count > Block * Block / 2 && cut <= MaxCut * Block * Block)
                {
                    yield return (sum / count, energy);
                }
            }
        }
    }
}
