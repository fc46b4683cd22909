using System.Globalization;
using System.Text;

namespace Klar.Reports.Numbers;

/// <summary>A table of numbers in Markdown; the best of each line can be bold.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    /// <summary>A table with one column of names, and of numbers what is left.</summary>
    public MarkdownTable(params IReadOnlyList<string> headings)
    {
        Line(headings);
        _text.Append("|---|").Insert(_text.Length, "---:|", headings.Count - 1).Append('\n');
    }

    /// <summary>PSNR in dB as tables have it.</summary>
    public static string Decibels(double? value) =>
        value?.ToString("F2", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>Adds a line.</summary>
    public MarkdownTable Line(params IReadOnlyList<string> cells)
    {
        _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        return this;
    }

    /// <summary>Adds a line of PSNR, the largest bold.</summary>
    public MarkdownTable BestBold(IReadOnlyList<string> names, IReadOnlyList<double?> values)
    {
        string[] numbers = [.. values.Select(Decibels)];
        string best = Decibels(values.Max());
        return Line([.. names, .. numbers.Select(number => number == best ? $"**{number}**" : number)]);
    }

    public override string ToString() => _text.ToString();
}
