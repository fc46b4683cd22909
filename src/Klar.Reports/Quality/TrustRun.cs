using System.Globalization;
using Klar.Catalogue;
using Klar.Diagnostics;
using Klar.Metrics;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>
/// How far the measures of trust are to be trusted: warnings on good and on deliberately bad results, uncertainty
/// against errors, rankings without ground truth against rankings by PSNR.
/// </summary>
public sealed class TrustRun
{
    private static readonly string[] Ranked =
    [
        "gaussian", "median", "mean", "bilateral", "wiener", "bm3d", "nl-ridge", "lichi"
    ];

    /// <summary>The folder that holds <c>clean/</c> and <c>pairs/</c>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Threads and seed.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>All rows, as they are measured.</summary>
    /// <exception cref="DirectoryNotFoundException">The data is not there.</exception>
    public IEnumerable<TrustRow> Rows(CancellationToken cancel = default)
    {
        QualityPicture[] added = [.. QualityPicture.Of(DataFolder, "set12", ["gaussian:25"], clip: false, Run).Take(7)];
        QualityPicture[] real = [.. ((string[])["pairs/fmd", "pairs/bacteria", "pairs/nucleus", "pairs/w2s"])
            .SelectMany(set => QualityPicture.Of(DataFolder, set, [], clip: true, Run))
            .GroupBy(static picture => picture.Name).Select(static twice => twice.Last())];
        QualityPicture[] all = [.. added, .. real];
        return all
            .SelectMany(picture => Warnings(picture, cancel))
            .Concat(all.SelectMany(picture => Uncertainty(picture, cancel)))
            .Concat(real.SelectMany(picture => Ranking(picture, cancel)));
    }

    private IEnumerable<TrustRow> Warnings(QualityPicture picture, CancellationToken cancel)
    {
        (Image clean, Image noisy) = picture.Load();
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy, cancel);
        double good = double.NaN;
        foreach ((string name, IDenoiser denoiser, Image input) in Cases(
            clean, noisy, noise, added: picture.Noise.StartsWith("gaussian", StringComparison.Ordinal)))
        {
            Image result = denoiser.Denoise(input, cancel: cancel).Image;
            double psnr = Psnr(picture, clean, result);
            good = double.IsNaN(good) ? psnr : good;
            yield return new TrustRow(
                "warning", picture.Name, name, psnr,
                Trust.Of(input, result, ReferenceEquals(input, noisy) ? noise : null).Warnings.Count, good - psnr);
        }
    }

    private IEnumerable<(string Name, IDenoiser Denoiser, Image Input)> Cases(
        Image clean, Image noisy, NoiseEstimate noise, bool added)
    {
        yield return ("good: klar", Of("klar", ("effort", "fast")), noisy);
        foreach (double factor in (double[])[2, 0.5])
        {
            string sigma = (noise.Sigma * 255 * factor).ToString(CultureInfo.InvariantCulture);
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"bad: bm3d at {factor} sigma"),
                Of("bm3d", ("sigma", sigma)), noisy);
        }

        if (added)
        {
            yield return ("bad: zs-n2n after 40 steps", Of("zs-n2n", ("steps", "40")), noisy);
            yield return ("bad: nl-ridge on correlated noise", Of("nl-ridge"), Correlated(clean, noisy));
        }
        else if (noise.Lag1 > 0.25)
        {
            yield return ("bad: nl-ridge on correlated noise", Of("nl-ridge"), noisy);
        }
    }

    private IEnumerable<TrustRow> Uncertainty(QualityPicture picture, CancellationToken cancel)
    {
        (Image clean, Image noisy) = picture.Load();
        var risk = new SelfSupervisedRisk(noisy, NoiseEstimator.Estimate(noisy, cancel), Run.Seed);
        foreach ((string name, IDenoiser denoiser) in ((string, IDenoiser)[])[(
            "bm3d", Of("bm3d")), ("klar fast", Of("klar", ("effort", "fast")))])
        {
            Image result = denoiser.Denoise(noisy, cancel: cancel).Image,
                map = UncertaintyMap.Of(risk, risk.Probe(denoiser, cancel)), fitted = picture.Comparable(clean, result);
            float[] errors = [.. fitted.Planes[0].Samples.ToArray().Zip(
                clean.Planes[0].Samples.ToArray(), static (got, truth) => got - truth)];

            // Where brightness and contrast were fitted, the map is stretched as the result was.
            float stretch = (float)(picture.Noise == QualityPicture.RealAffine
                ? Deviation(fitted.Planes[0].Samples) / Deviation(result.Planes[0].Samples)
                : 1);
            float[] uncertainty = [.. map.Planes[0].Samples.ToArray().Select(value => value * stretch)];
            yield return new TrustRow(
                "uncertainty", picture.Name, name, Psnr(picture, clean, result),
                Sparsification.Error(uncertainty, errors), Sparsification.Inside(uncertainty, errors, 2));
        }
    }

    private IEnumerable<TrustRow> Ranking(QualityPicture picture, CancellationToken cancel)
    {
        (Image clean, Image noisy) = picture.Load();
        var ranking = new SelfSupervisedRanking
        {
            Methods = [.. Ranked.Select(name => new NamedDenoiser(name, Of(name)))],
            Run = Run
        };
        double[] expected =
        [
            .. ranking.Rows(picture.Name, noisy, cancel: cancel).Select(static row => row.EstimatedPsnr!.Value)
        ];
        double[] truth = [Psnr(picture, clean, noisy), .. ranking.Methods.Select(
            method => Psnr(picture, clean, method.Denoiser.Denoise(noisy, cancel: cancel).Image))];
        double taken = truth[Array.IndexOf(expected, expected.Max())];
        yield return new TrustRow(
            "ranking", picture.Name, "all", taken, SelfSupervisedRanking.KendallTau(expected, truth),
            truth.Max() - taken);
    }

    private IDenoiser Of(string method, params (string Name, string Value)[] settings) =>
        MethodCatalogue.Find(method)!.CreateAware(
            settings.ToDictionary(static pair => pair.Name, static pair => pair.Value), new NoiseHandling(), Run);

    private static double Psnr(QualityPicture picture, Image clean, Image result) =>
        ImageQuality.Of(clean, picture.Comparable(clean, result), 1).Psnr ?? double.PositiveInfinity;

    private static double Deviation(ReadOnlySpan<float> samples)
    {
        double sum = 0, squares = 0;
        foreach (float sample in samples)
        {
            (sum, squares) = (sum + sample, squares + ((double)sample * sample));
        }

        return Math.Sqrt((squares / samples.Length) - (sum / samples.Length * (sum / samples.Length)));
    }

    /// <summary>The noise averaged over pairs of neighbours in rows and columns, at the same level.</summary>
    private static Image Correlated(Image clean, Image noisy)
    {
        Plane x = clean.Planes[0], y = noisy.Planes[0];
        float[] noise = [.. y.Samples.ToArray().Zip(x.Samples.ToArray(), static (sample, truth) => sample - truth)];
        return clean.With([Plane.From(x.Width, x.Height, [.. noise.Select((_, i) =>
        {
            int right = i % x.Width == x.Width - 1 ? 0 : 1, down = i / x.Width == x.Height - 1 ? 0 : x.Width;
            return x.Samples[i] + (0.5f * (noise[i] + noise[i + right] + noise[i + down] + noise[i + right + down]));
        })])]);
    }
}
