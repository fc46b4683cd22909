using System.Globalization;
using System.Text;

namespace Klar.Reports.Quality;

/// <summary>Rows of <see cref="TrustRun"/> as Markdown.</summary>
public static class TrustTable
{
    // A bad result counts as one only where it is visibly worse than the good one.
    internal const double MinLoss = 0.5;

    /// <summary>A table for each kind, means last.</summary>
    public static string ToMarkdown(IReadOnlyList<TrustRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder("# Trust: measures without ground truth, measured with it\n\nMade by `klar "
            + "bench trust`; the rows are in the CSV file of the same name.\n");
        text.Append("\n## Warnings\n\nA bad result counts where it is at least 0.5 dB below the good one of its "
            + "image.\n\n| case | results | warned of | share |\n|---|---:|---:|---:|\n");
        TrustRow[] warnings =
        [
            .. rows.Where(static row => row.Kind == "warning"
                && (row.Case.StartsWith("good", StringComparison.Ordinal) || row.Second >= MinLoss)),
        ];
        foreach (IGrouping<string, TrustRow> line in warnings.GroupBy(static row => row.Case))
        {
            Share(text, line.Key, [.. line]);
        }

        Share(
            text, "**all bad**",
            [.. warnings.Where(static row => row.Case.StartsWith("bad", StringComparison.Ordinal))]);
        foreach (IGrouping<string, TrustRow> method in rows.Where(static row => row.Kind == "uncertainty").GroupBy(
            static row => row.Case))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Uncertainty of {method.Key}\n\nArea of sparsification "
                + $"errors: 0 ranks errors perfectly, 1 knows nothing.\n\n| image | PSNR | area | errors inside 2 "
                + $"sigma |\n|---|---:|---:|---:|\n");
            Lines(text, [.. method], "P1");
        }

        text.Append("\n## Ranking of methods\n\nNine candidates, the noisy image among them, by expected and by true "
            + "PSNR; lost: dB between the one that is expected to be best and the best.\n\n| image | PSNR of the "
            + "first | Kendall's tau | lost, dB |\n|---|---:|---:|---:|\n");
        Lines(text, [.. rows.Where(static row => row.Kind == "ranking")], "F2");
        return text.ToString();
    }

    private static void Share(StringBuilder text, string name, TrustRow[] rows) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"| {name} | {rows.Length} | {rows.Count(static row => row.First > 0)} | "
                + $"{(rows.Length == 0 ? 0 : rows.Count(static row => row.First > 0) / (double)rows.Length):P0} |\n");

    private static void Lines(StringBuilder text, TrustRow[] rows, string format)
    {
        foreach (TrustRow row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Image} | {row.Psnr:F2} | {row.First:F2} | "
                + $"{row.Second.ToString(format, CultureInfo.InvariantCulture)} |\n");
        }

        if (rows.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"| **mean** | {rows.Average(static row => row.Psnr):F2} | "
                + $"{rows.Average(static row => row.First):F2} | "
                + $"{rows.Average(static row => row.Second).ToString(format, CultureInfo.InvariantCulture)} |\n");
        }
    }
}
