using System.Globalization;

namespace Klar;

/// <summary>The resolved options of a run as text, by their names in kebab-case.</summary>
internal static class Settings
{
    public static IReadOnlyDictionary<string, string> Of(params ReadOnlySpan<(string Name, object? Value)> settings)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, object? value) in settings)
        {
            texts[name] = Text(value);
        }

        return texts;
    }

    public static string Text(object? value) => value switch
    {
        null => "auto",
        Enum word => word.ToString().ToLowerInvariant(),
        bool flag => flag ? "on" : "off",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
