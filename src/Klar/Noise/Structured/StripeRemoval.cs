using Klar.Noise.Structured;

namespace Klar;

/// <summary>Frees rows and columns of their offsets before another denoiser sees the image.</summary>
/// <param name="inner">The denoiser.</param>
/// <param name="handling">Which lines.</param>
public sealed class StripeRemoval(IDenoiser inner, StripeHandling handling = StripeHandling.Auto) : IDenoiser
{
    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        Require.Finite(noisy);
        StripeNoise stripes = StripeNoise.Of(noisy, handling, cancel);
        Denoised result = inner.Denoise(stripes.RemovedFrom(noisy), progress, cancel);
        DenoiseReport report = result.Report.With(
            "stripes", $"{handling.ToString().ToLowerInvariant()} ({stripes.ToText()})");
        return result with { Report = stripes.IsFound ? report with { Stripes = stripes } : report };
    }
}
