using System.Globalization;
using System.Text;

namespace Klar.Reports.Field;

/// <summary>
/// The field bench as Markdown: shares of cells within the targets, calibration of the confidence, and the worst cells.
/// </summary>
public static class FieldTable
{
    private const int Worst = 20;

    // Where fewer photons than this arrive at the brightest place the gain is not judged.
    private const double FewestPhotons = 5;

    /// <summary>The tables.</summary>
    public static string ToMarkdown(IReadOnlyList<FieldRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder("# Generated files of many kinds\n\nMade by `klar bench field`; each cell is in the CSV file of the same name.\n\n| | cells | share |\n|---|---:|---:|\n");
        FieldRow[] lit = [.. rows.Where(static row => row.Situation.Photons >= FewestPhotons)];
        FieldRow[] seen = [.. lit.Where(IsIdentifiable)];
        Share(text, "gain within 20 %, 5 photons and more", lit, static row => Off(row.Gain, row.Situation.Gain) < 0.2);
        Share(text, "gain within 35 %, 5 photons and more", lit, static row => Off(row.Gain, row.Situation.Gain) < 0.35);
        Share(text, "the same within 20 % where photon noise is at least half of the read noise", seen, static row => Off(row.Gain, row.Situation.Gain) < 0.2);
        Share(text, "the same within 35 %", seen, static row => Off(row.Gain, row.Situation.Gain) < 0.35);
        Share(text, "noise at the offset within 25 %", [.. rows.Where(static row => row.Situation.ReadNoise > 0)], static row => Off(row.FloorSigma, Floor(row)) < 0.25);
        FieldRow[] run = [.. rows.Where(static row => row.Blind is not null)];
        if (run.Length > 0)
        {
            Share(text, "not more than 0.1 dB behind the better of input and best blur", run, static row => row.Behind <= 0.1);
            Share(text, "not more than 0.5 dB behind it", run, static row => row.Behind <= 0.5);
            Share(text, "within 0.5 dB of the method given the true noise", run, static row => row.BehindTold <= 0.5);
            Share(text, "within 1 dB of it", run, static row => row.BehindTold <= 1);
            double[] gap = [.. run.Select(static row => row.BehindTold!.Value).Order()];
            text.Append(CultureInfo.InvariantCulture, $"\nBehind the method given the true noise: median {gap[gap.Length / 2]:F2} dB, worst {gap[^1]:F2} dB.\n");
        }

        text.Append("\n| stated confidence | cells | gain within a factor of 1.5 |\n|---|---:|---:|\n");
        for (int fifth = 0; fifth < 5; fifth++)
        {
            FieldRow[] alike = [.. lit.Where(row => row.Gain > 0 && Math.Min(4, (int)(5 * row.Confidence)) == fifth)];
            Share(text, string.Create(CultureInfo.InvariantCulture, $"{0.2 * fifth:F1} to {0.2 * (fifth + 1):F1}"), alike, static row => row.Gain / row.Situation.Gain is > 1 / 1.5 and < 1.5);
        }

        if (run.Length > 0)
        {
            text.Append("\n| worst cells | input | best blur | blind | told | gain | read | chosen |\n|---|---:|---:|---:|---:|---:|---:|---|\n");
            foreach (FieldRow row in run.OrderByDescending(static row => Math.Max(row.Behind!.Value, row.BehindTold!.Value)).Take(Worst))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Number}: {row.Situation} | {row.Input:F2} | {row.BestBlur:F2} | {row.Blind:F2} | {row.Told:F2} | {row.Gain:G3} | {row.FloorSigma:G3} | {row.Why} |\n");
            }
        }

        return text.ToString();
    }

    private static double Floor(FieldRow row) =>
        Math.Sqrt((row.Situation.ReadNoise * row.Situation.ReadNoise) + (1.0 / 12));

    private static double Off(double measured, double truth) => Math.Abs(measured - truth) / truth;

    private static bool IsIdentifiable(FieldRow row) =>
        row.Situation.Photons * row.Situation.Gain * row.Situation.Gain >= 0.25 * Floor(row) * Floor(row);

    private static void Share(StringBuilder text, string what, FieldRow[] rows, Func<FieldRow, bool> within) =>
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {rows.Length} | {(rows.Length == 0 ? 0 : (double)rows.Count(within) / rows.Length):P0} |\n");
}
