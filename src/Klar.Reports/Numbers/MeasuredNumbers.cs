using System.Globalization;
using Klar.Reports.Quality;

namespace Klar.Reports.Numbers;

/// <summary>The tables and sentences of <c>docs/numbers.md</c> and the README, made from <c>benchmarks/</c>.</summary>
public sealed class MeasuredNumbers
{
    private const string Patches = "quality/patch_methods", Blind = "quality/klar", Pairs = "quality/pairs";
    private const string Across = "across/across";
    private const string Side = "512";
    private static readonly string[] s_levels = ["gaussian:15", "gaussian:25", "gaussian:50"];
    private static readonly string[] s_pairMethods = ["gaussian", "bm3d", "nl-ridge", "lichi", "klar"];

    private readonly BenchmarkFolder _benchmarks;
    private readonly Dictionary<string, Func<string>> _parts;

    /// <summary>Those of a folder.</summary>
    public MeasuredNumbers(string folder)
    {
        _benchmarks = new BenchmarkFolder(folder);
        _parts = new()
        {
            ["known noise"] = KnownNoise,
            ["real noise"] = () => RealNoise("pairs/fmd", "pairs/w2s", "pairs/bacteria", "pairs/nucleus").ToString(),
            ["real noise in short"] = RealNoiseInShort,
            ["study"] = () => Added("study", "gaussian:25", "poisson:25", "uniform:0.2").ToString(),
            ["microscopy"] = () => Added("microscopy", "poisson:10", "poisson:25", "poisson:50").ToString(),
            ["across"] = PagesTogether,
            ["stripes"] = Stripes,
            ["noise"] = NoiseMeasured,
            ["trust"] = Trust,
            ["demo"] = Demo,
        };
    }

    /// <summary>The part of a name, or null where there is none.</summary>
    public string? Part(string name) => _parts.GetValueOrDefault(name)?.Invoke();

    private string KnownNoise()
    {
        var table = new MarkdownTable(["", .. s_levels.Select(Sigma), "seconds", "others, same size, two cores"]);
        foreach ((string file, string set, string method) in (ReadOnlySpan<(string, string, string)>)
        [
            (Patches, "set12", "bm3d"), (Patches, "set12", "nl-ridge"), (Patches, "set12", "lichi"),
            (Blind, "set12", "klar"), (string.Empty, PublishedQuality.WithoutLena, "zs-n2n"),
        ])
        {
            string name = file == Blind ? $"`{method}`, blind" : $"`{method}`";
            IEnumerable<string> cells = s_levels.Select(noise => WithPublished(
                file.Length == 0 ? Trained(noise) : _benchmarks.Psnr(file, set, noise, method), set, noise, method));
            table.Line([name, .. cells, Seconds(method), Other(method)]);
        }

        return table.ToString();
    }

    private static string Sigma(string noise) => $"sigma {noise.Split(':')[1]}";

    private static string WithPublished(double? psnr, string set, string noise, string method) =>
        MarkdownTable.Decibels(psnr) + (PublishedQuality.Find(set, noise, method) is { } published
            ? $" ({MarkdownTable.Decibels(published.Mean)})"
            : string.Empty);

    private double Trained(string noise) => _benchmarks.Lines("quality/zsn2n_set12.csv")
        .Where(line => line["noise"] == noise && line["steps"] == "3000")
        .Average(static line => BenchmarkFolder.Number(line, "psnr"));

    private string Seconds(string method)
    {
        double seconds = BenchmarkFolder.Number(
            _benchmarks.Lines($"{BenchmarkFolder.Machine}/methods.csv")
                .Single(line => line["method"] == method && line["size"] == Side),
            "seconds");
        string format = seconds < 1 ? "0.00" : seconds < 10 ? "0.0" : "0";
        return seconds.ToString(format, CultureInfo.InvariantCulture);
    }

    private string Other(string method) => _benchmarks.Lines($"{BenchmarkFolder.Machine}/others.csv")
        .FirstOrDefault(line => line["method"] == method)?["other"] ?? string.Empty;

    private MarkdownTable RealNoise(params IReadOnlyList<string> sets)
    {
        var table = new MarkdownTable("", "images", "blur of 1 px", "BM3D", "NL-Ridge", "LIChI", "klar");
        foreach (string set in sets)
        {
            // Pairs of two exposures are compared after the best affine fit.
            string noise = _benchmarks.Images(Pairs, set, "real affine") > 0 ? "real affine" : "real";
            string images = _benchmarks.Images(Pairs, set, noise).ToString(CultureInfo.InvariantCulture);
            table.BestBold(
                [set.Replace("pairs/", string.Empty, StringComparison.Ordinal), images],
                [.. s_pairMethods.Select(method => _benchmarks.Psnr(Pairs, set, noise, method))]);
        }

        return table;
    }

    private string RealNoiseInShort() => RealNoise("pairs/fmd", "pairs/w2s")
        .Line(["seconds", "", "", .. s_pairMethods.Skip(1).Select(Seconds)])
        .ToString();

    private MarkdownTable Added(string set, params IReadOnlyList<string> noises)
    {
        string[] methods = ["median", "wiener", "zs-n2n", "bm3d", "klar"];
        string[] measured = [.. methods.Where(method => _benchmarks.Psnr(Blind, set, noises[0], method) is not null)];
        var table = new MarkdownTable([$"{_benchmarks.Images(Blind, set, noises[0])} images", .. measured]);
        foreach (string noise in noises)
        {
            table.BestBold([noise], [.. measured.Select(method => _benchmarks.Psnr(Blind, set, noise, method))]);
        }

        return table;
    }

    private string PagesTogether()
    {
        var table = new MarkdownTable("", "pages alone", "together");
        foreach ((string set, string noise, string what) in (ReadOnlySpan<(string, string, string)>)
        [
            ("sequences", "gaussian:25", "noise added to three stacks"),
            ("frames", "real", "real frames of four scenes"),
        ])
        {
            foreach (string method in (string[])["bm3d", "klar fast"])
            {
                table.BestBold(
                    [$"{what}, `{method}`"],
                    [
                        _benchmarks.Psnr(Across, set, noise, method + " alone"),
                        _benchmarks.Psnr(Across, set, noise, method + " across"),
                    ]);
            }
        }

        return table.ToString();
    }

    private string Stripes()
    {
        var table = new MarkdownTable(
            "offsets of rows, of columns", "images", "found", "lost, dB", "lost where they stay");
        foreach (var kind in _benchmarks.Lines("structured/structured.csv")
            .GroupBy(static line => (Rows: line["rows"], Columns: line["columns"])))
        {
            int right = kind.Count(static line => IsFound(line, "rows") && IsFound(line, "columns"));
            string Loss(string column) => MarkdownTable.Decibels(kind.Average(line =>
                BenchmarkFolder.Number(line, "psnr_white") - BenchmarkFolder.Number(line, column)));
            table.Line(
                $"{kind.Key.Rows}, {kind.Key.Columns}", $"{kind.Count()}", $"{right}",
                Loss("psnr_auto"), Loss("psnr_off"));
        }

        return table.ToString();
    }

    /// <summary>Whether offsets of an axis were found where there are some, and only there.</summary>
    private static bool IsFound(IReadOnlyDictionary<string, string> line, string axis) =>
        BenchmarkFolder.Number(line, axis) > 0 == BenchmarkFolder.Number(line, $"found_{axis}") > 0;

    private string NoiseMeasured()
    {
        var table = new MarkdownTable("noise", "measured", "images x seeds", "median error", "90 % are below");
        string[] noises = ["gaussian:10", "gaussian:25 clipped", "poisson:25", "poisson-gaussian:25:5"];
        foreach (string noise in noises)
        {
            IReadOnlyDictionary<string, string>[] lines =
                [.. _benchmarks.Lines("quality/noise.csv").Where(line => line["case"] == noise)];
            double[] errors =
            [
                .. lines.Select(static line => Math.Abs(
                    BenchmarkFolder.Number(line, "measured") / BenchmarkFolder.Number(line, "truth") - 1)).Order(),
            ];
            string Error(double share) =>
                errors[(int)(share * (errors.Length - 1))].ToString("0.0 %", CultureInfo.InvariantCulture);
            string quantity = lines[0]["quantity"] == "sigma" ? "level" : lines[0]["quantity"];
            table.Line(noise, quantity, $"{errors.Length}", Error(0.5), Error(0.9));
        }

        return table.ToString();
    }

    private string Trust()
    {
        IReadOnlyDictionary<string, string>[] warnings = [.. _benchmarks.Lines("quality/trust.csv")
            .Where(static line => line["kind"] == "warning")];
        IReadOnlyDictionary<string, string>[] good = [.. warnings.Where(static line => IsGood(line))];

        // A bad result counts where it is visibly worse than the good one.
        IReadOnlyDictionary<string, string>[] bad = [.. warnings.Where(static line =>
            !IsGood(line) && BenchmarkFolder.Number(line, "second") >= TrustTable.MinLoss)];
        return $"{bad.Count(Warned)} of {bad.Length} deliberately bad results "
            + $"and of {good.Count(Warned)} of {good.Length} good ones";

        static bool IsGood(IReadOnlyDictionary<string, string> line) =>
            line["case"].StartsWith("good", StringComparison.Ordinal);

        static bool Warned(IReadOnlyDictionary<string, string> line) => BenchmarkFolder.Number(line, "first") > 0;
    }

    private string Demo()
    {
        IReadOnlyList<IReadOnlyDictionary<string, string>> lines = _benchmarks.Lines("demo.csv");
        string[] methods = [.. lines.Select(static line => line["method"]).Distinct()];
        var table = new MarkdownTable(["noise", .. methods]);
        foreach (var noise in lines.GroupBy(static line => line["noise"]))
        {
            table.BestBold(
                [noise.Key],
                [.. methods.Select(method => (double?)BenchmarkFolder.Number(
                    noise.Single(line => line["method"] == method), "psnr"))]);
        }

        return table.ToString();
    }
}
