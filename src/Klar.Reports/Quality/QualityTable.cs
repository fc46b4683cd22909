using System.Globalization;
using System.Text;

namespace Klar.Reports.Quality;

/// <summary>Rows of measurements as Markdown, with the published numbers beside ours.</summary>
public static class QualityTable
{
    /// <summary>
    /// A table for each set, noise and protocol; a line for each method, means over the seeds there are.
    /// </summary>
    public static string ToMarkdown(IReadOnlyList<QualityRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder("# Quality: PSNR in dB\n\nMade by `klar bench quality`; the rows, with SSIM and "
            + "seconds, are in the CSV file of the same name.\n");
        foreach (var table in rows.GroupBy(static row => (row.Set, row.Noise, row.Clip, row.Sigma)))
        {
            Table(text, table.Key.Set, table.Key.Noise, table.Key.Clip, table.Key.Sigma, [.. table]);
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, string set, string noise, bool clip, string sigma, QualityRow[] rows)
    {
        string[] images = [.. rows.Select(static row => row.Image).Distinct()];
        ulong[] seeds = [.. rows.Select(static row => row.Seed).Distinct().Order()];
        text.Append(CultureInfo.InvariantCulture, $"\n## {set}, {noise}, {(clip ? "clipped" : "not clipped")}, noise "
            + $"level {sigma}, seeds {string.Join(", ", seeds)}\n\n");
        text.Append("| method | ").AppendJoin(" | ", images).Append(" | mean | SSIM | seconds |\n|---|").Insert(
            text.Length, "---:|", images.Length + 3).Append('\n');
        foreach (var line in rows.GroupBy(static row => (row.Method, row.Channels)))
        {
            double?[] means =
            [
                .. images.Select(image => Mean(line.Where(row => row.Image == image), static row => row.Psnr))
            ];
            double? mean = Array.TrueForAll(means, static value => value is not null) ? means.Average() : null;
            string name = line.Key.Channels == "joint" ? line.Key.Method : $"{line.Key.Method}, channel by channel";
            Line(text, name, means, mean, Mean(
                line, static row => row.Ssim), Mean(line, static row => row.Seconds), "F2");
            if (line.Key.Channels == "joint"
                && !clip
                && PublishedQuality.Find(set, noise, line.Key.Method) is { } published)
            {
                bool whole = published.Images.Count == images.Length;
                Line(text, "published", whole
                    ? [.. published.Images.Select(static value => (double?)value)]
                    : new double?[images.Length], published.Mean, null, null, "F2");
                Line(
                    text,
                    "ours - published",
                    whole ? [
                        .. means.Zip(published.Images, static (ours, theirs) => ours - theirs)
                    ] : new double?[images.Length],
                    mean - published.Mean,
                    null,
                    null,
                    "+0.00;-0.00;0.00");
            }
        }
    }

    private static void Line(
        StringBuilder text, string name, IEnumerable<double?> values, double? mean, double? ssim, double? seconds,
        string format)
    {
        text.Append("| ").Append(name).Append(" | ").AppendJoin(" | ", values.Select(value => Number(value, format)));
        text.Append(
            CultureInfo.InvariantCulture,
            $" | {Number(mean, format)} | {Number(ssim, "F3")} | {Number(seconds, "F2")} |\n");
    }

    private static double? Mean(IEnumerable<QualityRow> rows, Func<QualityRow, double?> of)
    {
        double[] values = [.. rows.Select(of).OfType<double>()];
        return values.Length == 0 ? null : values.Average();
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? string.Empty;
}
