using System.Runtime.CompilerServices;
using Klar.NonLocal;
using Klar.Prior;

namespace Klar;

/// <summary>
/// A network that was trained on generated pictures, and whose weights ship with Klar: it is given the noise's level
/// and how neighbours correlate. Three channels are taken as red, green, blue.
/// </summary>
/// <remarks>docs/algorithms/prior.md says what the pictures are and how it was trained.</remarks>
[method: OverloadResolutionPriority(1)] // new() alone means the options
public sealed class PriorDenoiser(PriorOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();
    private readonly AdditiveNoise? _noise;

    /// <summary>The method for noise of known level and autocorrelation.</summary>
    public PriorDenoiser(AdditiveNoise noise, RunSettings? run = null)
        : this(new PriorOptions { Sigma = (noise ?? throw new ArgumentNullException(nameof(noise))).Sigma }, run) =>
        _noise = noise;

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        PatchDenoising.Run(
            "prior",
            Settings.Of(("sigma", options.Sigma * 255)),
            noisy,
            options.Sigma,
            leastSide: 1,
            (_, channels, width, height, sigmas, map, advanced) => PriorModel.Shipped.Denoise(
                channels, width, height, sigmas, _noise, map, orientations: 1, _run.Threads, advanced, cancel),
            _run,
            progress,
            autocorrelation: _noise?.Autocorrelation);
}
