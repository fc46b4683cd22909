using System.Globalization;
using System.Text;

namespace Klar.Reports.Field;

/// <summary>
/// The field bench as Markdown: shares of cells within the targets, calibration of the confidence, and the worst cells.
/// </summary>
public static class FieldTable
{
    private const int Worst = 20;
    private const int Confidences = 5;

    // Where fewer photons than this arrive at the brightest place the gain is not judged.
    private const double MinPhotons = 5;

    /// <summary>The tables.</summary>
    public static string ToMarkdown(IReadOnlyList<FieldRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder();
        text.Append("# Generated files of many kinds\n\n");
        text.Append("Made by `klar bench field`; each cell is in the CSV file of the same name.\n\n");
        text.Append("| | cells | share |\n|---|---:|---:|\n");
        FieldRow[] ofCamera = [.. rows.Where(static row => row.IsOfCamera)];
        FieldRow[] lit = [.. ofCamera.Where(static row => row.Situation.Photons >= MinPhotons)];
        FieldRow[] seen = [.. lit.Where(static row => row.IsIdentifiable)];
        FieldRow[] read = [.. ofCamera.Where(static row => row.Situation.ReadNoise > 0)];
        FieldRow[] run = [.. rows.Where(static row => row.Blind is not null)];
        Share(text, "gain within 20 %, 5 photons and more", lit, static row => row.GainError < 0.2);
        Share(text, "gain within 35 %, 5 photons and more", lit, static row => row.GainError < 0.35);
        Share(
            text, "the same within 20 % where photon noise is at least half of the read noise", seen,
            static row => row.GainError < 0.2);
        Share(text, "the same within 35 %", seen, static row => row.GainError < 0.35);
        FieldRow[] shown = [.. lit.Where(static row => row.ShowsGain)];
        Share(
            text, "the same within 20 % where the clean picture would tell the gain to 7 % (Cramér and Rao)", shown,
            static row => row.GainError < 0.2);
        Share(text, "the same within 35 %", shown, static row => row.GainError < 0.35);
        Share(
            text, "noise at the offset within 25 % where it would tell that to 7 %",
            [.. read.Where(static row => row.ShowsReadNoise)], static row => row.FloorError < 0.25);
        Share(text, "noise at the offset within 25 %", read, static row => row.FloorError < 0.25);
        FieldRow[] nothing = [.. rows.Where(static row => row.IsLeftAlone is not null)];
        if (nothing.Length > 0)
        {
            Share(text, "labels and clean pictures left alone", nothing, static row => row.IsLeftAlone == true);
        }

        if (run.Length > 0)
        {
            Quality(text, run);
        }

        text.Append("\n| stated confidence | cells | gain within a factor of 1.5 |\n|---|---:|---:|\n");
        for (int part = 0; part < Confidences; part++)
        {
            (double from, double to) = ((double)part / Confidences, (part + 1.0) / Confidences);
            FieldRow[] alike = [.. lit.Where(
                row => row.Gain > 0 && Math.Min(Confidences - 1, (int)(Confidences * row.Confidence)) == part)];
            Share(
                text, string.Create(CultureInfo.InvariantCulture, $"{from:F1} to {to:F1}"), alike,
                static row => row.Gain / row.Situation.Gain is > 1 / 1.5 and < 1.5);
        }

        if (run.Length > 0)
        {
            WorstOf(text, run);
        }

        return text.ToString();
    }

    private static void Quality(StringBuilder text, FieldRow[] run)
    {
        Share(
            text, "not more than 0.1 dB behind the better of input and best blur", run,
            static row => row.Behind <= 0.1);
        Share(text, "not more than 0.5 dB behind it", run, static row => row.Behind <= 0.5);
        FieldRow[] known = [.. run.Where(static row => row.Known is not null)];
        Share(
            text, "within 0.5 dB of the method given the true noise", known, static row => row.BehindKnown <= 0.5);
        Share(text, "within 1 dB of it", known, static row => row.BehindKnown <= 1);
        double[] gap = [.. known.Select(static row => row.BehindKnown!.Value).Order()];
        if (gap.Length > 0)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nBehind the method given the true noise: median {gap[gap.Length / 2]:F2} dB, ");
            text.Append(CultureInfo.InvariantCulture, $"worst {gap[^1]:F2} dB.\n");
        }
    }

    private static void WorstOf(StringBuilder text, FieldRow[] run)
    {
        text.Append("\n| worst cells | input | best blur | blind | true noise given | gain | read | chosen |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|---|\n");
        foreach (FieldRow row in run
            .OrderByDescending(static row => Math.Max(row.Behind!.Value, row.BehindKnown ?? row.Behind.Value))
            .Take(Worst))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Number}: {row.Situation} | {row.Input:F2} | {row.BestBlur:F2} | {row.Blind:F2} | "
                    + $"{row.Known:F2} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Gain:G3} | {row.FloorSigma:G3} | {row.Why} |\n");
        }
    }

    private static void Share(StringBuilder text, string what, FieldRow[] rows, Func<FieldRow, bool> within)
    {
        double share = rows.Length == 0 ? 0 : (double)rows.Count(within) / rows.Length;
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {rows.Length} | {share:P0} |\n");
    }
}
