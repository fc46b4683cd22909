using System.Text.RegularExpressions;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>The commands of a page of the documents: its blocks of bash.</summary>
internal static partial class DocCommands
{
    /// <summary>The text of a page in docs/.</summary>
    public static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Folder, "docs", name));

    /// <summary>Its commands, in their order.</summary>
    public static string Of(string page)
    {
        string[] blocks = [.. Blocks().Matches(Page(page)).Select(static block => block.Groups[1].Value)];
        Assert.NotEmpty(blocks);
        return string.Join('\n', blocks);
    }

    [GeneratedRegex("^```bash\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
