using System.Globalization;
using System.Text;

namespace Klar.Reports.Quality;

/// <summary>How well noise is measured, as Markdown: a line for each kind of noise and set.</summary>
public static class NoiseAccuracyTable
{
    /// <summary>
    /// Medians, nine tenths and worst of the errors' amounts, and the median with its sign: in per cent of the truth,
    /// for correlations as they are.
    /// </summary>
    public static string ToMarkdown(IReadOnlyList<NoiseAccuracyRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder("# Noise of known parameters, measured blind\n\nMade by `klar bench noise`; "
            + "each measurement is in the CSV file of the same name.\n");
        text.Append("A level's truth includes the image's own noise, as measured without any added. Errors in per "
            + "cent of the truth, of correlations as they are.\n\n");
        text.Append("| noise | quantity | set | images x seeds | median error | 90 % below | worst | median with "
            + "sign | worst image |\n|---|---|---|---:|---:|---:|---:|---:|---|\n");
        foreach (var noise in rows.GroupBy(static row => (row.Case, row.Quantity)))
        {
            Line(text, noise.Key.Case, noise.Key.Quantity, "all", [.. noise]);
            foreach (IGrouping<string, NoiseAccuracyRow> set in noise.GroupBy(static row => row.Set))
            {
                Line(text, "", "", set.Key, [.. set]);
            }
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string noise, string quantity, string set, NoiseAccuracyRow[] rows)
    {
        NoiseAccuracyRow[] sorted = [.. rows.OrderBy(static row => Math.Abs(row.Error))];
        string format = rows[0].Quantity == "lag1" ? "0.000" : "0.0 %";
        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        double[] signed = [.. rows.Select(static row => row.Error).Order()];
        text.Append(
            CultureInfo.InvariantCulture,
            $"| {noise} | {quantity} | {set} | {rows.Length} | {Number(Math.Abs(sorted[rows.Length / 2].Error))} | ")
            .Append(
                CultureInfo.InvariantCulture,
                $"{Number(Math.Abs(sorted[(int)(0.9 * (rows.Length - 1))].Error))} | "
                    + $"{Number(Math.Abs(sorted[^1].Error))} | ")
            .Append(CultureInfo.InvariantCulture, $"{Number(signed[rows.Length / 2])} | {sorted[^1].Image} |\n");
    }
}
