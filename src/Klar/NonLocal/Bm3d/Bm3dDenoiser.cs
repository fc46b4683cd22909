using System.Runtime.CompilerServices;
using Klar.NonLocal;
using Klar.NonLocal.Bm3d;

namespace Klar;

/// <summary>
/// BM3D: groups of similar patches are shrunk together in a transform of three dimensions, first by a hard threshold,
/// then by Wiener's gain with the first result as pilot. Assumes additive white Gaussian noise. Three channels are
/// taken as red, green, blue.
/// </summary>
/// <remarks>
/// Dabov, Foi, Katkovnik, Egiazarian, IEEE Trans. Image Processing 16(8), 2007; colour: the same, ICIP 2007.
/// </remarks>
[method: OverloadResolutionPriority(1)] // new() alone means the options
public sealed class Bm3dDenoiser(Bm3dOptions options, RunSettings? run = null) : IDenoiser
{
    private const int LargestPatch = 11;

    // Weaker correlation of neighbours may as well be structure, and BM3D for white noise bears it.
    private const double MinCorrelation = 0.25;

    private readonly RunSettings _run = run ?? new();
    private readonly IReadOnlyList<double>? _autocorrelation;
    private readonly bool _compressed;

    /// <summary>
    /// BM3D for noise of known level; its autocorrelation counts where neighbours correlate by more than 0.25, or where
    /// it is that of JPEG.
    /// </summary>
    public Bm3dDenoiser(AdditiveNoise noise, RunSettings? run = null)
        : this(new Bm3dOptions { Sigma = (noise ?? throw new ArgumentNullException(nameof(noise))).Sigma }, run) =>
        (_compressed, _autocorrelation) = (
            noise.Compressed,
            noise.Compressed || Math.Abs(noise.Lag1) > MinCorrelation ? noise.Autocorrelation : null);

    /// <summary>How the level varies over the page; null where it does not.</summary>
    internal NoiseMap? Map { get; init; }

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null,
        CancellationToken cancel = default) => PatchDenoising.Run(
        "bm3d",
        Settings.Of(("sigma", options.Sigma * 255)),
        noisy,
        options.Sigma,
        LargestPatch,
        (_, channels, width, height, sigmas, map, advanced) => TwoStepPass.Run(
            Steps(sigmas, map ?? Map), channels, width, height, firstShare: 0.4, _run, advanced, cancel),
        _run,
        progress,
        (_, sigmas) => Steps(sigmas),
        _autocorrelation);

    /// <summary>The steps for noise of these levels.</summary>
    internal Bm3dSteps Steps(float[] sigmas, NoiseMap? map = null) =>
        new(sigmas, _autocorrelation, _compressed, map);
}
