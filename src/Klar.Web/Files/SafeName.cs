using System.Text;

namespace Klar.Web.Files;

/// <summary>
/// A name that a browser gave, made fit for a file in a folder of its own: letters, digits and a few signs, nothing
/// that leads anywhere.
/// </summary>
internal static class SafeName
{
    private const int MaxLetters = 120;
    private const string Kept = " ._-+()#&,=!~'";

    public static string Of(string given)
    {
        var name = new StringBuilder();
        foreach (Rune rune in given[(given.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            name.Append(Rune.IsLetterOrDigit(rune)
                || rune is { IsAscii: true, Value: var sign } && Kept.Contains((char)sign) ? rune.ToString() : "_");
        }

        string kept = name.ToString();
        kept = (kept.Length > MaxLetters ? kept[^MaxLetters..] : kept).TrimStart('.', '-', ' ').TrimEnd('.', ' ');
        return kept.Length == 0 ? "image" : kept;
    }
}
