using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Klar.Formats.Containers;

/// <summary>The XML in a file's header.</summary>
internal static class HeaderXml
{
    /// <summary>The root; null where the text is no XML. Entities are not followed.</summary>
    public static XElement? Parse(string text)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false };
            using var reader = XmlReader.Create(new StringReader(text.Trim('\0', '\uFEFF', ' ', '\r', '\n')), settings);
            return XElement.Load(reader);
        }
        catch (Exception failure) when (failure is XmlException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The element at the end of a path of names; null where it breaks off.</summary>
    public static XElement? At(this XElement? from, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            from = from?.Element(name);
        }

        return from;
    }

    /// <summary>An attribute's number; null where it is none.</summary>
    public static double? Number(this XElement? element, string attribute) =>
        Number(element?.Attribute(attribute)?.Value);

    /// <summary>A text's number; null where it is none.</summary>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>An attribute's whole number; <paramref name="fallback"/> where it is none.</summary>
    public static int Integer(this XElement element, string attribute, int fallback)
    {
        string? text = element.Attribute(attribute)?.Value;
        bool stated = int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number);
        return stated ? number : fallback;
    }

    /// <summary>A time as OME-XML has it; null where the text is none.</summary>
    public static string? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
            : null;
}
