using Klar.Imaging;
using Klar.Noise;

namespace Klar.Diagnostics;

/// <summary>
/// How much of what was measured as noise a denoiser takes out where the picture is as it mostly is. Noise is
/// everywhere alike; texture that was taken for noise is not: some blocks hold most of it, and patches know it again
/// in the others.
/// </summary>
internal static class TakenOut
{
    private const int Block = 16;

    // Where less noise than this is expected, in units of the least that can be measured, what is taken out is
    // rounding.
    private const double MinNoise = 2;

    /// <summary>
    /// The median over blocks of 16 × 16 of |y − x|² / σ²; near 1 for a good denoiser and noise of that level, well
    /// below it where σ is too large. Samples that the camera cut off do not count, nor masked ones, nor blocks that
    /// have half of them. 1 if no block is left. Of photons, most of which come where it is bright, the median by the
    /// noise's energy counts if it is greater.
    /// </summary>
    public static double Typically(Image noisy, Image denoised, NoiseEstimate noise, IReadOnlyList<Mask?>? masks = null)
    {
        double least = NoiseEstimator.MinSigma(noisy.Scale);
        var told = new AdditiveNoise((float)Math.Max(noise.Sigma, least)) { Levels = noise.Levels };
        bool photograph = noisy.Scale.MayBePhotograph;
        double leastCounted = photograph ? 0 : MinNoise * least;
        (double Share, double Energy)[] blocks = [.. noisy.Planes.Zip(denoised.Planes)
            .SelectMany((pair, c) => OfBlocks(pair.First, pair.Second, told, noise, masks?[c], leastCounted))
            .OrderBy(static block => block.Share)];
        if (blocks.Length == 0)
        {
            return 1;
        }

        double median = blocks[blocks.Length / 2].Share;
        return photograph ? median : Math.Max(median, MedianByEnergy(blocks));
    }

    private static double MedianByEnergy((double Share, double Energy)[] sorted)
    {
        double half = 0.5 * sorted.Sum(static block => block.Energy), sum = 0;
        foreach ((double share, double energy) in sorted)
        {
            sum += energy;
            if (sum >= half)
            {
                return share;
            }
        }

        return sorted[^1].Share;
    }

    private static IEnumerable<(double Share, double Energy)> OfBlocks(
        Plane noisy, Plane denoised, AdditiveNoise told, NoiseEstimate noise, Mask? mask, double least)
    {
        for (int top = 0; top + Block <= noisy.Height; top += Block)
        {
            for (int left = 0; left + Block <= noisy.Width; left += Block)
            {
                double sum = 0, energy = 0;
                int count = 0;
                for (int i = 0; i < Block * Block; i++)
                {
                    int at = ((top + (i / Block)) * noisy.Width) + left + (i % Block);
                    float y = noisy.Samples[at], x = denoised.Samples[at];
                    if (mask?[at] == true || (noise.CutAtBlack && y <= 0) || (noise.CutAtWhite && y >= 1))
                    {
                        continue;
                    }

                    double expected = told.At(x), off = (y - x) / expected;
                    if (expected < least)
                    {
                        continue;
                    }

                    sum += off * off;
                    energy += expected * expected;
                    count++;
                }

                if (count > Block * Block / 2)
                {
                    yield return (sum / count, energy);
                }
            }
        }
    }
}
