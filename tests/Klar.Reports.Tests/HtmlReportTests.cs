using System.Text.RegularExpressions;
using Klar.Diagnostics;
using Klar.Noise;
using Klar.Reports.Html;
using Klar.Tests.Support;

namespace Klar.Reports.Tests;

public sealed partial class HtmlReportTests : IDisposable
{
    private static readonly RunDescription Run = new("klar compare 'a b.png'", "0.1", "a <machine>", 3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_comparison_is_one_file_with_everything_in_it()
    {
        var comparison = new Comparison
        {
            Methods =
            [
                new("median", new MedianFilter(new MedianOptions())), new("mean", new MeanFilter(new MeanOptions()))
            ],
            Noises = ["gaussian:25", "poisson:25"],
        };
        var report = new ComparisonReport();
        var rows = new List<ComparisonRow>();
        foreach (ComparisonCase one in comparison.Cases(
            [new("<b>&evil\".png", DemoPicture.Create(64)), new("second.png", DemoPicture.Create(72, seed: 2))]))
        {
            report.Add(one);
            rows.AddRange(one.Results.Select(static result => result.Row));
        }

        report.Write(_folder["report.html"], Run);
        string html = File.ReadAllText(_folder["report.html"]);
        StandsAlone(html);

        // Every number of the table, the best in bold; a bar for each method and noise; four cases with clean, noisy
        // and two results, two of which have something taken out.
        Assert.All(rows, row => Assert.Contains($">{row.Psnr:F2}<", html, StringComparison.Ordinal));
        Assert.Equal(4, Regex.Count(html, "<td class=\"number\"><b>"));
        Assert.Equal(6, Regex.Count(html, "<title>(noisy|median|mean): "));
        Assert.Equal(16, Regex.Count(html, "<img class=\"shown\""));
        Assert.Equal(8, Regex.Count(html, "taken out</figcaption>"));
        Assert.Equal(16 + 8, Pictures().Count(html));
        Assert.All(
            Pictures().Matches(html).Select(static match => Convert.FromBase64String(match.Groups[1].Value)),
            static png => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]));
        Assert.Contains("klar compare &#39;a b.png&#39;", html, StringComparison.Ordinal);
        Assert.Contains("size", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_denoised_image_is_judged_in_plain_words()
    {
        Image clean = DemoPicture.Create(96),
            noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        Denoised denoised = new MedianFilter(new MedianOptions()).Denoise(noisy);
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy);
        var trust = Trust.Of(noisy, denoised.Image, noise);
        denoised = denoised with { Report = denoised.Report with { Warnings = ["noise <was> left"] } };
        DenoisingReport.Write(_folder["r.html"], "/data/x<y>.tif", noisy, denoised, noise, trust, Run);
        string html = File.ReadAllText(_folder["r.html"]);
        StandsAlone(html);
        Assert.Contains("<h1>x&lt;y&gt;.tif</h1>", html, StringComparison.Ordinal);
        Assert.Contains("noise &lt;was&gt; left", html, StringComparison.Ordinal);
        Assert.Contains("The noise is ", html, StringComparison.Ordinal);
        Assert.Contains($"{trust.Removed:F2} times the noise", html, StringComparison.Ordinal);
        Assert.Equal(3, Pictures().Count(html));

        DenoisingReport.Write(
            _folder["good.html"], "x.tif", noisy, denoised with { Report = denoised.Report with { Warnings = [] } },
            noise, trust, Run);
        Assert.Contains(
            "Nothing that Klar measures speaks against", File.ReadAllText(_folder["good.html"]),
            StringComparison.Ordinal);

        // What it is judged by may be in doubt itself.
        Denoised silent = denoised with { Report = denoised.Report with { Warnings = [] } };
        DenoisingReport.Write(
            _folder["doubt.html"], "x.tif", noisy, silent, noise with { Warnings = ["only guessed"] }, trust, Run);
        html = File.ReadAllText(_folder["doubt.html"]);
        Assert.Contains("cannot be said for certain", html, StringComparison.Ordinal);
        Assert.DoesNotContain("speaks against", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_part_that_is_shown_has_structure_in_any_channel()
    {
        Plane empty = Plane.Create(64, 64, 0, static (samples, _) => samples.Clear());
        Plane late = Plane.Create(64, 64, 0, static (samples, _) => samples[(50 * 64) + 60] = 1);
        Assert.Equal((32, 32), Display.MaxStructured(new Image([empty, empty, late], SampleScale.EightBit), 32, 32));
    }

    [Fact]
    public void What_is_taken_out_is_red_where_it_became_darker()
    {
        Image noisy = new(Plane.From(3, 1, [0.6f, 0.5f, 0.4f])), flat = new(Plane.From(3, 1, [0.5f, 0.5f, 0.5f]));
        Assert.Equal([255, 0, 0, 255, 255, 255, 0, 0, 255], Display.TakenOut(noisy, flat, limit: 0.1f));
        Assert.Equal([255, 127, 127], Display.TakenOut(noisy, flat, limit: 0.2f)[..3]);
    }

    [Fact]
    public void Many_cases_have_pictures_for_the_first_only()
    {
        var comparison = new Comparison
        {
            Methods = [new("mean", new MeanFilter(new MeanOptions()))],
            Noises = ["gaussian:25"]
        };
        var report = new ComparisonReport();
        foreach (ComparisonCase one in comparison.Cases(
            [.. Enumerable.Range(0, 15).Select(static i => new ComparisonInput($"{i}.png", DemoPicture.Create(32)))]))
        {
            report.Add(one);
        }

        report.Write(_folder["report.html"], Run);
        string html = File.ReadAllText(_folder["report.html"]);
        Assert.Equal(12, Regex.Count(html, "class=\"strip\""));
        Assert.Contains("first 12 of 15 cases", html, StringComparison.Ordinal);
        Assert.Contains("<td>14.png</td>", html, StringComparison.Ordinal);
    }

    /// <summary>Nothing is loaded from elsewhere, everything that was opened is closed.</summary>
    private static void StandsAlone(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("https?://", html);
        Assert.All(Sources().Matches(html), static match =>
            Assert.StartsWith("data:image/png;base64,", match.Groups[1].Value, StringComparison.Ordinal));
        foreach (string tag in (string[])[
            "html", "body", "main", "table", "tr", "td", "div", "figure", "figcaption", "dl", "dd", "p", "svg",
            "select", "script", "style", "details"
        ])
        {
            Assert.Equal(Regex.Count(html, $"<{tag}[ >]"), Regex.Count(html, $"</{tag}>"));
        }
    }

    [GeneratedRegex("src=\"data:image/png;base64,([^\"]*)\"")]
    private static partial Regex Pictures();

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();
}
