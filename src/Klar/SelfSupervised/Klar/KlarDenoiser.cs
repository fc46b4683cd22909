using System.Globalization;
using Klar.NonLocal;
using Klar.SelfSupervised.Klar;

namespace Klar;

/// <summary>
/// Klar's own method: patch methods, and the prior adapted to the one picture, averaged with weights that are measured
/// on the picture itself. Three channels are taken together, others one by one.
/// </summary>
/// <remarks>docs/algorithms/klar.md has the mathematics and what each part is worth.</remarks>
public sealed class KlarDenoiser(KlarOptions options, RunSettings? run = null) : IDenoiser
{
    private const int MinSide = 16;

    private readonly RunSettings _run = run ?? new();
    private readonly AdditiveNoise? _noise;

    /// <summary>
    /// The method for noise of known level and autocorrelation, which stand for those of <paramref name="options"/>.
    /// </summary>
    public KlarDenoiser(AdditiveNoise noise, KlarOptions options, RunSettings? run = null)
        : this((options ?? throw new ArgumentNullException(nameof(options))) with
        {
            Sigma = (noise ?? throw new ArgumentNullException(nameof(noise))).Sigma
        }, run) =>
        _noise = noise;

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        var weights = new List<string>();
        bool isWarm = false;
        long pixels = _run.Stack?.Pixels ?? (long)noisy.Width * noisy.Height;
        KlarPlan plan = KlarPlan.For(options, _noise, pixels, isColour: noisy.Planes.Count == 3);
        string effort = options.Effort.ToString().ToLowerInvariant();
        Denoised result = PatchDenoising.Run(
            "klar",
            Settings.Of(("sigma", options.Sigma * 255), ("effort", effort), ("steps", plan.Steps)),
            noisy,
            options.Sigma,
            MinSide,
            (first, channels, width, height, sigmas, map, advanced) =>
            {
                var task = new KlarTask(
                    channels, width, height, sigmas, _noise, map, plan, first, _run with { Pages = null }, cancel);
                float[][] denoised = task.Run(advanced);
                isWarm |= task.IsWarm;
                weights.Add(string.Join(", ", task.Names.Zip(task.Weights, static (name, weight) =>
                    string.Create(CultureInfo.InvariantCulture, $"{name} {weight:F2}"))));
                return denoised;
            },
            _run,
            progress,
            (channels, sigmas) => plan.Pilots.Contains("nl-ridge")
                ? new NlRidgeDenoiser(new NlRidgeOptions()).Steps(channels, sigmas)
                : new Bm3dDenoiser(_noise ?? new AdditiveNoise(sigmas[0])).Steps(sigmas),
            _noise?.Autocorrelation);
        DenoiseReport report = result.Report;
        return weights.Count == 0
            ? result
            : result with
            {
                Report = report.With("weights", string.Join("; ", weights)).With("warm-start", isWarm ? "on" : "off"),
            };
    }
}
