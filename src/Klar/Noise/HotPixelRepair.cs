using System.Globalization;
using Klar.Noise;

namespace Klar;

/// <summary>Repairs hot pixels before another denoiser sees the image.</summary>
public sealed class HotPixelRepair(IDenoiser inner) : IDenoiser
{
    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        Require.Finite(noisy);
        (Image repaired, int count, int columns) = HotPixels.WithColumns(noisy, cancel);
        Denoised result = inner.Denoise(repaired, progress, cancel);
        DenoiseReport report = result.Report.With("hot-pixels", $"auto ({Text(count, columns)})");
        return result with { Report = count + columns == 0 ? report : report with { Noise = null } };
    }

    /// <summary>What was repaired, in words.</summary>
    internal static string Text(int pixels, int columns) => columns == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{pixels} repaired")
        : string.Create(CultureInfo.InvariantCulture, $"{pixels} repaired, and {columns} bad columns");
}
