using System.Text;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>docs/formats.md has the table as the code has it; <c>UPDATE_APPROVED=1</c> rewrites it.</summary>
public sealed class FormatsTableTests
{
    private const string Begin = "<!-- made by FormatsTableTests -->\n", End = "<!-- until here -->\n";

    [Fact]
    public void The_document_has_the_table_of_the_code()
    {
        string path = Path.Combine(Repository.Folder, "docs", "formats.md"), text = File.ReadAllText(path);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = text.IndexOf(End, StringComparison.Ordinal);
        string made = text[..from] + Table() + text[to..];
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") is not null)
        {
            File.WriteAllText(path, made);
            return;
        }

        Assert.Equal(made, text);
    }

    [Fact]
    public void Each_ending_belongs_to_one_format() =>
        Assert.Equal(
            FileFormats.All.Sum(static format => format.Extensions.Count),
            FileFormats.All.SelectMany(static format => format.Extensions).Distinct().Count());

    private static string Table()
    {
        var table = new StringBuilder("| format | read | written | kept | lost, or refused with a line |\n");
        table.Append("|---|---|---|---|---|\n");
        foreach (FileFormat format in FileFormats.All)
        {
            string endings = string.Join(' ', format.Extensions.Select(static one => $"`{one}`"));
            string[] cells = [$"{format.Name} {endings}", format.Read, format.Written, format.Kept, format.Lost];
            table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return table.ToString();
    }
}
