using Klar.NonLocal;
using Klar.NonLocal.NlRidge;

namespace Klar;

/// <summary>
/// NL-Ridge: each patch becomes the best linear combination of the patches most similar to it, first by an unbiased
/// estimate of the risk, then with the first result as pilot. Takes Gaussian, Poisson and Poisson-Gaussian noise.
/// Three channels are taken as one colour image.
/// </summary>
/// <remarks>
/// Herbreteau and Kervrann, «A unified framework of nonlocal parametric methods», SIAM J. Imaging Sciences 18(1),
/// 2025.
/// </remarks>
public sealed class NlRidgeDenoiser(NlRidgeOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();

    /// <summary>How the level varies over the page; null where it does not.</summary>
    internal NoiseMap? Map { get; init; }

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null,
        CancellationToken cancel = default) => PatchDenoising.Run(
        "nl-ridge",
        Settings.Of(("sigma", options.Sigma * 255), ("gain", options.Gain)),
        noisy,
        options.Sigma ?? (options.Gain > 0 ? 1e-6f : null),
        NlRidgeProfile.LargestPatch,
        (_, channels, width, height, sigmas, map, advanced) => TwoStepPass.Run(
            Steps(channels, sigmas, map ?? Map), channels, width, height, firstShare: 0.2, _run, advanced, cancel),
        _run,
        progress,
        (channels, sigmas) => Steps(channels, sigmas));

    /// <summary>The steps for noise of these levels.</summary>
    internal RidgeSteps Steps(float[][] channels, float[] sigmas, NoiseMap? map = null)
    {
        var variance = new NoiseVariance(options.Gain, sigmas, map);
        return new RidgeSteps(variance, NlRidgeProfile.For(variance.Level(channels)));
    }
}
