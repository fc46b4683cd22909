using System.Text.RegularExpressions;
using Klar.Tests.Support;

namespace Klar.Tests.House;

/// <summary>Links of the documents lead to files that are there, and to headings of them.</summary>
public sealed partial class LinksTests
{
    [Fact]
    public void No_link_is_dead()
    {
        string[] folders = ["docs", "benchmarks", "plugins", "src"];
        string[] documents =
        [
            .. Directory.EnumerateFiles(Repository.Folder, "*.md"),
            .. folders.SelectMany(static folder => Directory.EnumerateFiles(
                Path.Combine(Repository.Folder, folder), "*.md", SearchOption.AllDirectories)),
        ];
        string[] dead = [.. documents.SelectMany(static file => Links().Matches(File.ReadAllText(file))
            .Select(static link => link.Groups[1].Value)
            .Where(link => IsDead(file, link))
            .Select(link => $"{Path.GetRelativePath(Repository.Folder, file)}: {link}"))];
        Assert.True(documents.Length > 40, $"{documents.Length} documents");
        Assert.Empty(dead);
    }

    private static bool IsDead(string file, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, parts[0]);
        return parts.Length == 2
            ? !File.Exists(target) || !Anchors(target).Contains(parts[1])
            : !File.Exists(target) && !Directory.Exists(target);
    }

    // As every Markdown site makes them of headings.
    private static IEnumerable<string> Anchors(string file) => File.ReadLines(file)
        .Where(static line => line.StartsWith('#'))
        .Select(static line => line.TrimStart('#').Trim().ToLowerInvariant())
        .Select(static heading => NoLetters().Replace(heading, string.Empty).Replace(' ', '-'));

    [GeneratedRegex(@"(?<!`)\[[^\]\n]*\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetters();
}
