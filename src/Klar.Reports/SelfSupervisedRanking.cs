using Klar.Diagnostics;
using Klar.Noise;

namespace Klar.Reports;

/// <summary>
/// Ranks methods on real images without ground truth, by what each is expected to err
/// (<see cref="SelfSupervisedRisk"/>).
/// </summary>
public sealed class SelfSupervisedRanking
{
    /// <summary>
    /// How well such rankings agreed with those by PSNR where the truth is known: Kendall's tau, mean over the 18
    /// real pairs of
    /// <c>benchmarks/quality/trust.md</c>.
    /// </summary>
    public const double MeasuredAgreement = 0.83;

    /// <summary>The methods.</summary>
    public required IReadOnlyList<NamedDenoiser> Methods { get; init; }

    /// <summary>Seed of the probes.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>The rows of one image, the image itself first; each method runs twice.</summary>
    public IEnumerable<ComparisonRow> Rows(
        string name, Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy, cancel);
        var risk = new SelfSupervisedRisk(noisy, noise, Run.Seed);
        yield return new ComparisonRow(name, null, "noisy", null, null, 0, noise.Sigma * 255, noise.Warnings)
        {
            EstimatedPsnr = Psnr(risk.OfInput),
        };
        for (int i = 0; i < Methods.Count; i++)
        {
            progress?.Report(new DenoiseProgress(Methods[i].Name, (double)i / Methods.Count));
            long start = Run.Clock.GetTimestamp();
            RiskProbe probe = risk.Probe(Methods[i].Denoiser, cancel);
            double seconds = Run.Clock.GetElapsedTime(start).TotalSeconds / 2;
            yield return new ComparisonRow(name, null, Methods[i].Name, null, null, seconds, null, [])
            {
                EstimatedPsnr = Psnr(risk.Of(probe)),
            };
        }

        progress?.Report(new DenoiseProgress("ranking", 1));
    }

    /// <summary>
    /// Kendall's tau of two lists of values for the same things: 1 where they order all pairs alike, −1 where they
    /// order them the other way.
    /// </summary>
    public static double KendallTau(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        int agreed = 0, pairs = 0;
        for (int i = 0; i < one.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                agreed += Math.Sign(one[i] - one[j]) * Math.Sign(other[i] - other[j]);
                pairs++;
            }
        }

        return pairs == 0 ? 1 : (double)agreed / pairs;
    }

    // By chance an estimate may be 0 or less: then all that can be said is that the error is small.
    private static double Psnr(double risk) => 10 * Math.Log10(1 / Math.Max(risk, 1e-7));
}
