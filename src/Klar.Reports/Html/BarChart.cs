using System.Globalization;
using System.Text;

namespace Klar.Reports.Html;

/// <summary>
/// Mean PSNR of each method as a bar, a group for each noise, with the range over images and seeds as a line; SVG.
/// </summary>
internal static class BarChart
{
    private const int Left = 46;
    private const int Top = 28;
    private const int Height = 240;
    private const int BarWidth = 26;
    private const int GroupGap = 30;
    private static readonly string[] Colours =
    [
        "#9aa5b1", "#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#885500", "#117733", "#332288",
        "#dd7788", "#555555"
    ];

    /// <summary>The chart of rows that have a PSNR; empty where none has.</summary>
    public static string Of(IReadOnlyList<ComparisonRow> rows)
    {
        ComparisonRow[] known = [.. rows.Where(static row => row.Psnr is not null)];
        if (known.Length == 0)
        {
            return string.Empty;
        }

        string[] methods = [.. known.Select(static row => row.Method).Distinct()];
        IGrouping<string, ComparisonRow>[] noises = [.. known.GroupBy(static row => row.Noise ?? "its own noise")];
        double least = Math.Floor(known.Min(static row => row.Psnr!.Value) - 1),
            most = Math.Ceiling(known.Max(static row => row.Psnr!.Value));
        int groupWidth = methods.Length * BarWidth, width = Left + (noises.Length * (groupWidth + GroupGap)) + 10;
        double Y(double psnr) => Top + ((most - psnr) / Math.Max(1, most - least) * Height);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {width} {Top + Height + 26}\" "
            + $"width=\"{width}\" role=\"img\" aria-label=\"Mean PSNR in dB of each method; lines show the range "
            + $"over images and seeds\">");
        double step = most - least > 12 ? 5 : most - least > 5 ? 2 : 1;
        for (double tick = Math.Ceiling(least / step) * step; tick <= most; tick += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{width}\" y1=\"{Y(tick):F1}\" "
                + $"y2=\"{Y(tick):F1}\" class=\"grid\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" "
                + $"text-anchor=\"end\">{tick:F0}</text>");
        }

        svg.Append(
            CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Top - 14}\" text-anchor=\"end\">dB</text>");
        for (int g = 0; g < noises.Length; g++)
        {
            int x = Left + (GroupGap / 2) + (g * (groupWidth + GroupGap));
            for (int m = 0; m < methods.Length; m++)
            {
                double[] values =
                [
                    .. noises[g].Where(row => row.Method == methods[m]).Select(static row => row.Psnr!.Value)
                ];
                if (values.Length == 0)
                {
                    continue;
                }

                (double mean, int at) = (values.Average(), x + (m * BarWidth));
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{at + 2}\" width=\"{BarWidth - 4}\" "
                    + $"y=\"{Y(mean):F1}\" height=\"{Y(least) - Y(mean):F1}\" "
                    + $"fill=\"{Colours[m % Colours.Length]}\"><title>{HtmlText.Escape(methods[m])}: {mean:F2} dB");
                svg.Append(values.Length > 1
                    ? string.Create(
                        CultureInfo.InvariantCulture, $" ({values.Min():F2} to {values.Max():F2} over {values.Length})")
                    : string.Empty).Append("</title></rect>");
                if (values.Length > 1)
                {
                    int middle = at + (BarWidth / 2);
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<path d=\"M{middle} {Y(values.Min()):F1}V{Y(values.Max()):F1}"
                        + $"M{middle - 4} {Y(values.Min()):F1}h8"
                        + $"M{middle - 4} {Y(values.Max()):F1}h8\" class=\"spread\"/>");
                }
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + (groupWidth / 2)}\" y=\"{Top + Height + 18}\" "
                + $"text-anchor=\"middle\">{HtmlText.Escape(noises[g].Key)}</text>");
        }

        svg.Append("</svg><p class=\"legend\">");
        for (int m = 0; m < methods.Length; m++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<span><svg width=\"12\" height=\"12\" "
                + $"aria-hidden=\"true\"><rect width=\"12\" height=\"12\" "
                + $"fill=\"{Colours[m % Colours.Length]}\"/></svg> {HtmlText.Escape(methods[m])}</span> ");
        }

        return svg.Append("</p>").ToString();
    }
}
