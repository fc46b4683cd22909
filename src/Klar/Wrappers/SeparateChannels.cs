namespace Klar;

/// <summary>Gives another denoiser each channel as an image of its own, as fluorescence channels are.</summary>
public sealed class SeparateChannels(IDenoiser inner) : IDenoiser
{
    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        int count = noisy.Planes.Count;
        Denoised[] channels = [.. noisy.Planes.Select((plane, c) =>
            inner.Denoise(
                new Image(plane, noisy.Scale), progress is null ? null : new Share(progress, c, count), cancel))];
        float?[] sigmas = [.. channels.Select(static channel => channel.Report.SigmaEstimated)];
        DenoiseReport report = channels[0].Report.With("channels", "separate") with
        {
            Noise = null,
            Elapsed = channels.Aggregate(TimeSpan.Zero, static (sum, channel) => sum + channel.Report.Elapsed),
            SigmaEstimated = sigmas.All(static sigma => sigma is not null)
                ? (float)Math.Sqrt(sigmas.Average(static sigma => (double)sigma!.Value * sigma.Value))
                : null,
            Warnings = [.. channels.SelectMany(static channel => channel.Report.Warnings).Distinct()],
        };
        return new Denoised(noisy.With([.. channels.Select(static channel => channel.Image.Planes[0])]), report);
    }

    private sealed class Share(IProgress<DenoiseProgress> progress, int done, int all) : IProgress<DenoiseProgress>
    {
        public void Report(DenoiseProgress value) =>
            progress.Report(value with { Fraction = (done + value.Fraction) / all });
    }
}
