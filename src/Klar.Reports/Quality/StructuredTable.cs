using System.Globalization;
using System.Text;

namespace Klar.Reports.Quality;

/// <summary>What offsets of rows and columns cost a method, as Markdown: a line for each kind and set.</summary>
public static class StructuredTable
{
    /// <summary>Means over images, in dB below what the method makes of the white noise alone.</summary>
    public static string ToMarkdown(IReadOnlyList<StructuredRow> rows, string method)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder("# Offsets of rows and columns\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Made by `klar bench structured -m {method}`. Offsets are ")
            .Append("relative to the white noise; `right`: all that are there were found, and none that are not. ")
            .Append("Losses: PSNR on the white noise alone, less PSNR with the offsets; their mean, their median, ")
            .Append("and the worst.\n\n")
            .Append("| set | noise | rows | columns | images | right | loss | median | worst ")
            .Append("| loss with `--stripes off` |\n")
            .Append("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var kind in rows.GroupBy(static row => (row.Set, row.Noise, row.Rows, row.Columns)))
        {
            StructuredRow[] all = [.. kind];
            double[] losses = [.. all.Select(static row => row.WhitePsnr - row.Psnr).Order()];
            double off = all.Average(static row => row.WhitePsnr - row.OffPsnr);
            int right = all.Count(static row => row.IsRight);
            text.Append(CultureInfo.InvariantCulture, $"| {kind.Key.Set} | {kind.Key.Noise} | {kind.Key.Rows} ")
                .Append(CultureInfo.InvariantCulture, $"| {kind.Key.Columns} | {all.Length} | {right} ")
                .Append(CultureInfo.InvariantCulture, $"| {losses.Average():F2} | {losses[losses.Length / 2]:F2} ")
                .Append(CultureInfo.InvariantCulture, $"| {losses[^1]:F2} | {off:F2} |\n");
        }

        return text.ToString();
    }
}
