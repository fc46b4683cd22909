using System.Globalization;
using System.Text;

namespace Klar.Reports;

/// <summary>
/// A comparison as text: rows are images and noises, columns are methods, entries PSNR in dB, the mean over the seeds
/// where there are several.
/// </summary>
public sealed class ComparisonTable
{
    private readonly IReadOnlyList<ComparisonRow> _rows;
    private readonly string[] _methods;

    /// <summary>The table of <paramref name="rows"/>.</summary>
    public ComparisonTable(IReadOnlyList<ComparisonRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rows = rows;
        _methods = [.. rows.Select(static row => row.Method).Distinct()];
    }

    /// <summary>The columns' headings.</summary>
    public IReadOnlyList<string> Headings => ["image", "noise", .. _methods];

    /// <summary>The lines: image, noise, and a PSNR for each method; the best one is marked.</summary>
    public IEnumerable<(IReadOnlyList<string> Cells, int Best)> Lines()
    {
        foreach (IGrouping<(string Image, string? Noise), ComparisonRow> line in _rows.GroupBy(static row => (
            row.Image, row.Noise)))
        {
            var cells = new List<string> { Path.GetFileName(line.Key.Image), line.Key.Noise ?? "its own" };
            int best = -1;
            double most = double.NegativeInfinity;
            foreach (string method in _methods)
            {
                double[] seeds =
                [
                    .. line.Where(row => row.Method == method).Select(static row => row.Psnr ?? double.PositiveInfinity)
                ];
                double psnr = seeds.Length == 0 ? double.NegativeInfinity : seeds.Average();
                if (psnr > most)
                {
                    (most, best) = (psnr, cells.Count);
                }

                cells.Add(seeds.Length == 0 ? string.Empty : Decibels(psnr));
            }

            yield return (cells, best);
        }
    }

    /// <summary>One line for each row, with all numbers in full.</summary>
    public string ToCsv()
    {
        bool repeated = _rows.Any(static row => row.Seed is not null);
        var text = new StringBuilder(
            $"image,noise,method,psnr,ssim,seconds,sigmaEstimated,warnings{(repeated ? ",seed" : string.Empty)}\n");
        foreach (ComparisonRow row in _rows)
        {
            text.AppendJoin(
                ',',
                Quoted(row.Image),
                Quoted(row.Noise ?? string.Empty),
                row.Method,
                Number(row.Psnr),
                Number(row.Ssim),
                Number(row.Seconds),
                Number(row.SigmaEstimated),
                Quoted(string.Join("; ", row.Warnings)));
            text.Append(repeated ? $",{row.Seed}\n" : "\n");
        }

        return text.ToString();
    }

    /// <summary>A table for GitHub and the like; the best of a line is bold.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", Headings).Append(" |\n|");
        text.Append("---|---|").Insert(text.Length, "---:|", _methods.Length).Append('\n');
        foreach ((IReadOnlyList<string> cells, int best) in Lines())
        {
            text.Append("| ").AppendJoin(" | ", cells.Select((cell, i) => i == best ? $"**{cell}**" : cell)).Append(
                " |\n");
        }

        return text.ToString();
    }

    /// <summary>A <c>tabular</c> for a paper; the best of a line is bold.</summary>
    public string ToLatex()
    {
        var text = new StringBuilder("\\begin{tabular}{ll").Append('r', _methods.Length).Append("}\n\\hline\n");
        text.AppendJoin(" & ", Headings.Select(Escaped)).Append(" \\\\\n\\hline\n");
        foreach ((IReadOnlyList<string> cells, int best) in Lines())
        {
            text.AppendJoin(" & ", cells.Select(
                (cell, i) => i == best ? $"\\textbf{{{Escaped(cell)}}}" : Escaped(cell))).Append(" \\\\\n");
        }

        return text.Append("\\hline\n\\end{tabular}\n").ToString();
    }

    private static string Decibels(double psnr) =>
        double.IsPositiveInfinity(psnr) ? "exact" : psnr.ToString("F2", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty;

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (char letter in text)
        {
            escaped.Append(letter is '_' or '%' or '&' or '#' or '$' or '{' or '}' ? $"\\{letter}" : letter.ToString());
        }

        return escaped.ToString();
    }
}
