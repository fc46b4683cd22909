using Klar.NonLocal;
using Klar.NonLocal.Lichi;

namespace Klar;

/// <summary>
/// LIChI: rounds of linear combinations of similar patches, each of which takes a part of the noise away and leaves a
/// better image to compare patches on. Assumes additive white Gaussian noise. Three channels are taken as one colour
/// image.
/// </summary>
/// <remarks>Herbreteau and Kervrann, «Linear combinations of patches are unreasonably effective for single-image
/// denoising», IEEE Trans. Image Processing 33, 2024.</remarks>
public sealed class LichiDenoiser(LichiOptions options, RunSettings? run = null) : IDenoiser
{
    private const double PilotShare = 0.1;

    private readonly RunSettings _run = run ?? new();

    /// <summary>How the level varies over the page; null where it does not.</summary>
    internal NoiseMap? Map { get; init; }

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null,
        CancellationToken cancel = default) => PatchDenoising.Run(
        "lichi",
        Settings.Of(("sigma", options.Sigma * 255)),
        noisy,
        options.Sigma,
        LichiSchedule.Pilot.Patch,
        (_, channels, width, height, sigmas, map, advanced) =>
            Denoised(channels, width, height, sigmas, map ?? Map, advanced, cancel),
        _run,
        progress);

    private float[][] Denoised(
        float[][] noisy, int width, int height, float[] sigmas, NoiseMap? map, Action<double> advanced,
        CancellationToken cancel)
    {
        int channels = noisy.Length;
        float sigma = (float)Math.Sqrt(sigmas.Average(static level => (double)level * level));
        float[][] x = new NonLocalPass(LichiSchedule.Pilot, width, height, channels, _run).Run(
            MeanChannel.Of(noisy), () => new PilotEstimate(noisy, width, sigma, map),
            share => advanced(PilotShare * share), cancel);
        float[][] z = noisy;
        var groups = new FoundGroups();
        for (int round = 1; round <= LichiSchedule.Rounds; round++)
        {
            if ((round - 1) % LichiSchedule.RoundsPerSearch == 0)
            {
                groups = new FoundGroups();
            }

            float left = LichiSchedule.Left(round);
            double before = PilotShare + ((1 - PilotShare) * (round - 1) / LichiSchedule.Rounds);
            (float[][] pilot, float[][] current) = (x, z);
            float[][] both = new NonLocalPass(LichiSchedule.Round, width, height, 2 * channels, _run).Run(
                MeanChannel.Of(current),
                () => new RoundEstimate(noisy, current, pilot, width, sigma, left, map),
                share => advanced(before + ((1 - PilotShare) * share / LichiSchedule.Rounds)),
                cancel,
                groups);
            (x, z) = (both[..channels], both[channels..]);
        }

        return z;
    }
}
