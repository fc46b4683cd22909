using System.Globalization;
using Klar.Imaging;
using Klar.NonLocal;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Klar's own method: patch methods and a small network that is trained on the one image by recorrupted pairs, averaged with weights that are
/// measured on samples which training did not see. Three channels are taken together, others one by one.
/// </summary>
/// <remarks>docs/algorithms/klar.md has the mathematics and what each part is worth.</remarks>
public sealed class KlarDenoiser(KlarOptions options, RunSettings? run = null) : IDenoiser
{
    private const int LeastSide = 16;

    private readonly RunSettings _run = run ?? new();
    private readonly AdditiveNoise? _noise;

    /// <summary>The method for noise of known level and autocorrelation, which stand for those of <paramref name="options"/>.</summary>
    public KlarDenoiser(AdditiveNoise noise, KlarOptions options, RunSettings? run = null)
        : this((options ?? throw new ArgumentNullException(nameof(options))) with { Sigma = (noise ?? throw new ArgumentNullException(nameof(noise))).Sigma }, run) =>
        _noise = noise;

    /// <summary>The same for noise of known level and autocorrelation.</summary>
    internal KlarDenoiser Against(AdditiveNoise noise) => new(noise, options, _run);

    /// <inheritdoc/>
    public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        var weights = new List<string>();
        bool warm = false;
        Denoised result = PatchDenoising.Run(
            "klar",
            Settings.Of(("sigma", options.Sigma * 255), ("effort", options.Effort.ToString().ToLowerInvariant()), ("steps", KlarPlan.For(options, _noise, Pixels(noisy.Width, noisy.Height)).Steps)),
            noisy,
            options.Sigma,
            LeastSide,
            (channels, width, height, sigmas, advanced) =>
            {
                var task = new KlarTask(channels, width, height, sigmas, _noise, KlarPlan.For(options, _noise, Pixels(width, height)), weights.Count, _run, cancel);
                float[][] denoised = task.Run(advanced);
                warm |= task.IsWarm;
                weights.Add(string.Join(", ", task.Names.Zip(task.Weights, static (name, weight) => string.Create(CultureInfo.InvariantCulture, $"{name} {weight:F2}"))));
                return denoised;
            },
            _run,
            progress);
        return weights.Count == 0 ? result : result with { Report = result.Report.With("weights", string.Join("; ", weights)).With("warm-start", warm ? "on" : "off") };
    }

    /// <summary>Pixels of the whole page.</summary>
    private long Pixels(int width, int height) => _run.Stack?.Pixels ?? (long)width * height;
}
