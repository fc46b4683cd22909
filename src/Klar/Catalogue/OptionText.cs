using System.Globalization;

namespace Klar.Catalogue;

/// <summary>Texts to values, the same in every country.</summary>
internal static class OptionText
{
    public static int Whole(string text) => int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);

    public static float Number(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static Effort EffortOf(string text) => text switch
    {
        "fast" => Effort.Fast,
        "normal" => Effort.Normal,
        "best" => Effort.Best,
        _ => throw new FormatException(text),
    };

    /// <summary>A noise level in 255ths of white, or null for <c>auto</c>.</summary>
    public static float? Sigma(string text) => text == "auto" ? null : Number(text) / 255f;
}
