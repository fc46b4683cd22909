using Klar.Imaging;

namespace Klar.Noise;

/// <summary>Repairs hot pixels before another denoiser sees the image.</summary>
public sealed class HotPixelRepair(IDenoiser inner) : IDenoiser
{
    /// <inheritdoc/>
    public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        Require.Finite(noisy);
        (Image repaired, int count) = HotPixels.Repair(noisy, cancel);
        Denoised result = inner.Denoise(repaired, progress, cancel);
        return result with { Report = result.Report.With("hot-pixels", $"auto ({count} repaired)") };
    }
}
