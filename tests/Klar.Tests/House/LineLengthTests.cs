using Klar.Tests.Support;

namespace Klar.Tests.House;

/// <summary>No line of code ends beyond 120 columns; text in raw string literals is data, and may.</summary>
public sealed class LineLengthTests
{
    private const int MaxColumns = 120;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("samples")]
    [InlineData("bench")]
    public void Lines_end_at_column_120(string folder)
    {
        string root = Path.Combine(Repository.Folder, folder);
        string[] wide =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
                .SelectMany(file => TooWide(File.ReadAllLines(file))
                    .Select(line => $"{Path.GetRelativePath(Repository.Folder, file)}:{line}"))
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(wide.Length == 0, string.Join('\n', wide));
    }

    [Fact]
    public void A_wide_line_is_found_unless_it_is_text()
    {
        string wide = new('x', MaxColumns + 1);
        Assert.Equal([2], TooWide(["x", wide, "\"\"\"", wide, "\"\"\"", "x"]));
        Assert.Empty(TooWide([wide[1..]]));
    }

    /// <summary>The numbers of lines that are too wide, from 1.</summary>
    private static IEnumerable<int> TooWide(string[] lines)
    {
        bool isText = false;
        for (int i = 0; i < lines.Length; i++)
        {
            bool begunAsText = isText;
            isText ^= lines[i].Split("\"\"\"").Length % 2 == 0;
            if (lines[i].Length > MaxColumns && !begunAsText)
            {
                yield return i + 1;
            }
        }
    }
}
