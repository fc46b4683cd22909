using System.Text;

namespace Klar.Reports.Numbers;

/// <summary>
/// Parts of a Markdown page that a program makes: what stands between <c>&lt;!-- made: NAME --&gt;</c> and
/// <c>&lt;!-- end --&gt;</c>. The rest of the page is written by hand.
/// </summary>
public static class MadeBlocks
{
    private const string Begin = "<!-- made: ";
    private const string BeginEnd = " -->";
    private const string End = "<!-- end -->";

    /// <summary>The page with each part made again.</summary>
    /// <param name="page">The page as it is.</param>
    /// <param name="make">Makes the part of a name, or returns null where it knows none of that name.</param>
    /// <exception cref="FormatException">A part has no end, or its name is not known.</exception>
    public static string Made(string page, Func<string, string?> make)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(make);
        var made = new StringBuilder();
        int done = 0;
        for (int at; (at = page.IndexOf(Begin, done, StringComparison.Ordinal)) >= 0;)
        {
            int nameAt = at + Begin.Length;
            int nameEnd = page.IndexOf(BeginEnd, nameAt, StringComparison.Ordinal);
            int end = page.IndexOf(End, nameAt, StringComparison.Ordinal);
            if (nameEnd < 0 || end < nameEnd)
            {
                throw new FormatException($"a part that begins with '{Begin}' has no '{End}'");
            }

            string name = page[nameAt..nameEnd];
            string text = make(name) ?? throw new FormatException($"'{name}': there are no such numbers");

            // A table stands in lines of its own; what is one line stays inside of its sentence.
            string edge = text.Contains('\n', StringComparison.Ordinal) ? "\n\n" : string.Empty;
            made.Append(page, done, nameEnd + BeginEnd.Length - done).Append(edge).Append(text.TrimEnd()).Append(edge);
            made.Append(End);
            done = end + End.Length;
        }

        return made.Append(page, done, page.Length - done).ToString();
    }
}
