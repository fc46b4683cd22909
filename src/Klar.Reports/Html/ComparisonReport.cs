using System.Globalization;
using Klar.Formats;

namespace Klar.Reports.Html;

/// <summary>
/// A comparison as one HTML file that needs no network: table, bar chart, and for each case an enlarged part of every
/// result under the same contrast, what each method took out, and its settings. Cases are added as they come, so that
/// only their pictures are kept.
/// </summary>
public sealed class ComparisonReport
{
    private const int Side = 192;
    private const int MaxCases = 12;

    private readonly HtmlText _cases = new();
    private readonly List<ComparisonRow> _rows = [];
    private int _count;
    private ulong? _seed;

    /// <summary>Adds a case.</summary>
    public void Add(ComparisonCase one)
    {
        ArgumentNullException.ThrowIfNull(one);
        ulong? seed = one.Results[0].Row.Seed;
        _seed ??= seed;
        _rows.AddRange(one.Results.Select(static result => result.Row));
        if (seed != _seed || ++_count > MaxCases)
        {
            return;
        }

        Image clean = one.Input.Reference;
        (int width, int height) = (Math.Min(Side, clean.Width), Math.Min(Side, clean.Height));
        (int x, int y) = Display.MaxStructured(clean, width, height);
        Image Part(Image image) => image.Crop(x, y, width, height);
        var display = Display.Of(clean);
        Image noisy = Part(one.Noisy);
        float limit = Limit(noisy, Part(clean));
        var pictures = new List<HtmlText.ShownPicture>
        {
            new("clean", "the reference", display.Rgb(Part(clean)), null)
        };
        double best = one.Results.Skip(1).Max(static result => result.Row.Psnr ?? double.PositiveInfinity);
        int bestAt = 1;
        foreach (ComparisonResult result in one.Results)
        {
            bool isNoisy = result.Report is null;
            bestAt = !isNoisy && (result.Row.Psnr ?? double.PositiveInfinity) == best ? pictures.Count : bestAt;
            pictures.Add(new(
                result.Row.Method, Caption(result.Row), display.Rgb(Part(result.Image)),
                isNoisy ? null : Display.TakenOut(noisy, Part(result.Image), limit)));
        }

        _cases.Raw("<section class=\"case\">");
        _cases.Heading(2, $"{Path.GetFileName(one.Input.Name)}, {one.Noise ?? "its own noise"}");
        _cases.Paragraph(string.Create(
            CultureInfo.InvariantCulture,
            $"{width} x {height} pixels from ({x}, {y}) on, all in the contrast of the clean picture. Taken out: red "
                + $"where a pixel became darker, blue where brighter, full colour at three times the noise."), "quiet");
        _cases.Pictures(pictures, width, height, left: 1, right: bestAt);
        _cases.Raw("</section><details><summary>Settings, noise and what was done about it</summary>");
        foreach (ComparisonResult result in one.Results.Where(static result => result.Report is not null))
        {
            _cases.Heading(3, result.Row.Method);
            _cases.Terms(
            [
                .. result.Report!.Settings.Select(static setting => (setting.Key, setting.Value)),
                .. result.Row.SigmaEstimated is { } sigma
                    ? [("noise that it found", string.Create(CultureInfo.InvariantCulture, $"{sigma:F2} of 255"))]
                    : Array.Empty<(string, string)>(),
                .. result.Row.Warnings.Select(static warning => ("warning", warning)),
            ]);
        }

        _cases.Raw("</details>");
    }

    /// <summary>Writes the report, whole or not at all.</summary>
    public void Write(string path, RunDescription run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var page = new HtmlText();
        page.Heading(1, "Comparison of denoisers");
        string[] images = [.. _rows.Select(static row => Path.GetFileName(row.Image)).Distinct()],
            noises = [.. _rows.Select(static row => row.Noise ?? "its own noise").Distinct()];
        ulong[] seeds = [.. _rows.Select(row => row.Seed ?? run.Seed).Distinct()];
        page.Paragraph(
            $"{(images.Length > 6 ? $"{images.Length} images" : string.Join(", ", images))}; "
                + $"{string.Join(", ", noises)}; "
                + $"{(seeds.Length > 1 ? $"seeds {seeds[0]} to {seeds[^1]}" : $"seed {seeds[0]}")}.");
        var table = new ComparisonTable(_rows);
        page.Heading(2, "PSNR in dB").Table(table.Headings, table.Lines(), numbersFrom: 2);
        page.Raw(BarChart.Of(_rows));
        page.Paragraph("Bars: mean over images and seeds; lines: from the least to the greatest. Bold: the best of a "
            + "line. PSNR says how near a result is to the clean picture, not how it looks: see below.", "quiet");
        page.Raw(_cases.Body);
        if (seeds.Length > 1)
        {
            page.Paragraph($"Pictures are of seed {seeds[0]}.", "quiet");
        }

        if (_count > MaxCases)
        {
            page.Paragraph(
                $"Pictures of the first {MaxCases} of {_count} cases; the figures beside this file show all.", "quiet");
        }

        page.Heading(2, "How this was made").Terms(run.Terms);
        AtomicFile.WriteText(path, page.Page("Klar: comparison of denoisers"));
    }

    private static string Caption(ComparisonRow row)
    {
        string psnr = row.Psnr is { } decibels
            ? string.Create(CultureInfo.InvariantCulture, $"{decibels:F2} dB")
            : "exact";
        string ssim = row.Ssim is { } similarity
            ? string.Create(CultureInfo.InvariantCulture, $", SSIM {similarity:F3}")
            : string.Empty;
        return row.Method == "noisy"
            ? psnr + ssim
            : string.Create(CultureInfo.InvariantCulture, $"{psnr}{ssim}, {row.Seconds:F1} s");
    }

    /// <summary>Three times the root mean square of the noise.</summary>
    private static float Limit(Image noisy, Image clean)
    {
        double squares = noisy.Planes.Zip(clean.Planes, static (a, b) => a.Samples
            .ToArray()
            .Zip(b.Samples.ToArray(), static (x, y) => (double)(x - y) * (x - y))
            .Average()).Average();
        return squares > 0 ? (float)(3 * Math.Sqrt(squares)) : 1;
    }
}
