using Klar.Imaging;

namespace Klar.NonLocal.NlRidge;

/// <summary>
/// NL-Ridge: each patch becomes the best linear combination of the patches most similar to it, first by an unbiased estimate of the risk, then with
/// the first result as pilot. Takes Gaussian, Poisson and Poisson-Gaussian noise. Three channels are taken as one colour image.
/// </summary>
/// <remarks>Herbreteau and Kervrann, «A unified framework of nonlocal parametric methods», SIAM J. Imaging Sciences 18(1), 2025.</remarks>
public sealed class NlRidgeDenoiser(NlRidgeOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) => PatchDenoising.Run(
        "nl-ridge",
        Settings.Of(("sigma", options.Sigma * 255), ("gain", options.Gain)),
        noisy,
        options.Sigma ?? (options.Gain > 0 ? 1e-6f : null),
        NlRidgeProfile.LargestPatch,
        (_, channels, width, height, sigmas, advanced) => Denoised(channels, width, height, new NoiseVariance(options.Gain, sigmas), advanced, cancel),
        _run,
        progress);

    private float[][] Denoised(float[][] noisy, int width, int height, NoiseVariance variance, Action<double> advanced, CancellationToken cancel)
    {
        var profile = NlRidgeProfile.For(variance.Level(noisy));
        float[][] pilot = new NonLocalPass(profile.First, width, height, noisy.Length, _run).Run(
            MeanChannel.Of(noisy), () => new RidgeEstimate(noisy, null, width, variance, profile.First), share => advanced(0.2 * share), cancel);
        return new NonLocalPass(profile.Second, width, height, noisy.Length, _run).Run(
            MeanChannel.Of(pilot), () => new RidgeEstimate(noisy, pilot, width, variance, profile.Second), share => advanced(0.2 + (0.8 * share)), cancel);
    }
}
