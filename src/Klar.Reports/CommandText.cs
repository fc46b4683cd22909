namespace Klar.Reports;

/// <summary>A command as one would type it in a shell.</summary>
public static class CommandText
{
    /// <summary>Its parts with spaces between them, in quotes where a shell would read them otherwise.</summary>
    public static string Of(IEnumerable<string> parts) => string.Join(' ', parts.Select(Quoted));

    private static string Quoted(string part) =>
        part.Length > 0 && part.All(
            static letter => char.IsLetterOrDigit(letter) || "-_./:=,+@%".Contains(letter, StringComparison.Ordinal))
            ? part
            : $"'{part.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
