using System.Globalization;
using Klar.Noise.Structured;

namespace Klar;

/// <summary>Frees an image of a camera's fixed pattern before another denoiser sees it.</summary>
/// <param name="inner">The denoiser.</param>
/// <param name="pattern">The pattern.</param>
public sealed class FixedPatternRemoval(IDenoiser inner, FixedPattern pattern) : IDenoiser
{
    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        Denoised result = inner.Denoise(pattern.RemovedFrom(noisy), progress, cancel);
        string text = string.Create(CultureInfo.InvariantCulture, $"pattern of {pattern.Sigma:G3} grey levels");
        return result with { Report = result.Report.With("dark", text) };
    }
}
