using Klar.Imaging;

namespace Klar.NonLocal.Bm3d;

/// <summary>
/// BM3D: groups of similar patches are shrunk together in a transform of three dimensions, first by a hard threshold, then by Wiener's
/// gain with the first result as pilot. Assumes additive white Gaussian noise. Three channels are taken as red, green, blue.
/// </summary>
/// <remarks>Dabov, Foi, Katkovnik, Egiazarian, IEEE Trans. Image Processing 16(8), 2007; colour: the same, ICIP 2007.</remarks>
public sealed class Bm3dDenoiser(Bm3dOptions options, RunSettings? run = null) : IDenoiser
{
    private const int LargestPatch = 11;

    // Weaker correlation of neighbours may as well be structure, and BM3D for white noise bears it.
    private const double LeastCorrelation = 0.25;

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
            noise.Compressed || Math.Abs(noise.Lag1) > LeastCorrelation ? noise.Autocorrelation : null);

    /// <inheritdoc/>
    public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) => PatchDenoising.Run(
        "bm3d",
        Settings.Of(("sigma", options.Sigma * 255)),
        noisy,
        options.Sigma,
        LargestPatch,
        (_, channels, width, height, sigmas, advanced) => Denoised(channels, width, height, sigmas, advanced, cancel),
        _run,
        progress);

    private float[][] Denoised(float[][] channels, int width, int height, float[] sigmas, Action<double> advanced, CancellationToken cancel)
    {
        bool colour = channels.Length == 3;
        float[][] noisy = colour ? OpponentColours.FromRgb(channels) : channels;
        float level = (float)Math.Sqrt(sigmas.Average(static sigma => (double)sigma * sigma));
        Bm3dProfile profile = Bm3dProfile.For(level).Against(_autocorrelation, _compressed);
        float[] levels = colour ? OpponentColours.Sigmas(sigmas) : sigmas;

        var wavelet = PatchTransform.Wavelet();
        float[] spectrum = wavelet.Variances(_autocorrelation);
        float[][] basic = new NonLocalPass(profile.Basic, width, height, noisy.Length, _run).Run(
            noisy[0], () => new BasicEstimate(noisy, width, levels, profile, wavelet, spectrum), share => advanced(0.4 * share), cancel);

        var cosine = PatchTransform.Cosine(profile.Final.Patch);
        float[] finalSpectrum = cosine.Variances(_autocorrelation);
        float[][] final = new NonLocalPass(profile.Final, width, height, noisy.Length, _run).Run(
            basic[0], () => new FinalEstimate(noisy, basic, width, levels, profile.Final.GroupSize, cosine, finalSpectrum), share => advanced(0.4 + (0.6 * share)), cancel);
        return colour ? OpponentColours.ToRgb(final) : final;
    }
}
