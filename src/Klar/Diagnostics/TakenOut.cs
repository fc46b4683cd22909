using Klar.Imaging;
using Klar.Noise;

namespace Klar.Diagnostics;

/// <summary>
/// How much of what was measured as noise a denoiser takes out where the picture is as it mostly is. Noise is everywhere alike; texture that was taken for noise
/// is not: some blocks hold most of it, and patches know it again in the others.
/// </summary>
internal static class TakenOut
{
    private const int Block = 16;

    /// <summary>
    /// The median over blocks of 16 × 16 of |y − x|² / σ²; near 1 for a good denoiser and noise of that level, well below it where σ is too large. Samples that
    /// the camera cut off do not count, nor masked ones, nor blocks that have half of them. 1 if no block is left.
    /// </summary>
    public static double Typically(Image noisy, Image denoised, NoiseEstimate noise, IReadOnlyList<Mask?>? masks = null)
    {
        var told = new AdditiveNoise((float)Math.Max(noise.Sigma, NoiseEstimator.LeastSigma(noisy.Scale))) { Levels = noise.Levels };
        double[] shares = [.. noisy.Planes.Zip(denoised.Planes).SelectMany((pair, c) => OfBlocks(pair.First, pair.Second, told, noise, masks?[c])).Order()];
        return shares.Length == 0 ? 1 : shares[shares.Length / 2];
    }

    private static IEnumerable<double> OfBlocks(Plane noisy, Plane denoised, AdditiveNoise told, NoiseEstimate noise, Mask? mask)
    {
        for (int top = 0; top + Block <= noisy.Height; top += Block)
        {
            for (int left = 0; left + Block <= noisy.Width; left += Block)
            {
                double sum = 0;
                int count = 0;
                for (int i = 0; i < Block * Block; i++)
                {
                    int at = ((top + (i / Block)) * noisy.Width) + left + (i % Block);
                    float y = noisy.Samples[at], x = denoised.Samples[at];
                    if (mask?[at] == true || (noise.CutAtBlack && y <= 0) || (noise.CutAtWhite && y >= 1))
                    {
                        continue;
                    }

                    double off = (y - x) / told.At(x);
                    sum += off * off;
                    count++;
                }

                if (count > Block * Block / 2)
                {
                    yield return sum / count;
                }
            }
        }
    }
}
