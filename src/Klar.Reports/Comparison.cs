using Klar.Metrics;
using Klar.Noise;

namespace Klar.Reports;

/// <summary>Puts noise on images, runs methods on them, and judges each result by the clean image.</summary>
public sealed class Comparison
{
    /// <summary>The methods, in the order of the table's columns.</summary>
    public required IReadOnlyList<NamedDenoiser> Methods { get; init; }

    /// <summary>The noises as they were written; empty where the inputs bring noisy images.</summary>
    public IReadOnlyList<string> Noises { get; init; } = [];

    /// <summary>Whether noisy images are clipped to 0..1, as a camera with 8 bits would.</summary>
    public bool Clip { get; init; } = true;

    /// <summary>Threads and the seed of the noise.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>The peak of PSNR and SSIM, in sample units.</summary>
    public double Peak { get; init; } = 1;

    /// <summary>Whether rows tell their seed, because there are others like them with another one.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Is told each row as soon as it is there; null for nobody.</summary>
    public Action<ComparisonRow>? Judged { get; init; }

    /// <summary>
    /// Yields a case for each image and noise, as soon as all methods have run on it.
    /// </summary>
    public IEnumerable<ComparisonCase> Cases(
        IReadOnlyList<ComparisonInput> inputs, IProgress<DenoiseProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int cases = inputs.Sum(input => input.Noisy is null ? Noises.Count : 1);
        int done = 0;
        foreach (ComparisonInput input in inputs)
        {
            IEnumerable<string?> noises = input.Noisy is null ? Noises.AsEnumerable<string?>() : [null];
            foreach (string? noise in noises)
            {
                var share = new Share(progress, done++ * Methods.Count, cases * Methods.Count);
                yield return Case(input, noise, share, cancel);
            }
        }
    }

    private ComparisonCase Case(ComparisonInput input, string? noise, Share share, CancellationToken cancel)
    {
        Image noisy = input.Noisy ?? NoiseModel.Parse(noise!).AddTo(input.Reference, Clip, Run, cancel);
        var results = new List<ComparisonResult> { Judge(input, noise, "noisy", noisy, report: null) };
        foreach (NamedDenoiser method in Methods)
        {
            Denoised denoised = method.Denoiser.Denoise(noisy, share.Of(method.Name), cancel);
            results.Add(Judge(input, noise, method.Name, denoised.Image, denoised.Report));
        }

        return new ComparisonCase(input, noise, noisy, results);
    }

    private ComparisonResult Judge(
        ComparisonInput input, string? noise, string method, Image result, DenoiseReport? report)
    {
        ImageQuality quality = ImageQuality.Of(input.Reference, result, Peak, Run.Threads);
        var row = new ComparisonRow(
            input.Name,
            noise,
            method,
            quality.Psnr,
            quality.Ssim,
            report?.Elapsed.TotalSeconds ?? 0,
            report?.SigmaEstimated * 255,
            report?.Warnings ?? [])
        {
            Seed = IsRepeated ? Run.Seed : null,
        };
        Judged?.Invoke(row);
        return new ComparisonResult(row, result) { Report = report };
    }

    /// <summary>The part of the whole that one case is.</summary>
    private sealed class Share(IProgress<DenoiseProgress>? progress, int done, int all)
    {
        private int _done = done;

        public IProgress<DenoiseProgress>? Of(string method) =>
            progress is null ? null : new Part(progress, method, _done++, all);

        private sealed class Part(
            IProgress<DenoiseProgress> progress, string method, int before, int all) : IProgress<DenoiseProgress>
        {
            public void Report(DenoiseProgress value) => progress.Report(new(method, (before + value.Fraction) / all));
        }
    }
}
