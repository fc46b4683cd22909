using System.Xml.Linq;

namespace Klar.Formats.Containers;

/// <summary>What a file says about an image in its own words, to be carried along.</summary>
/// <param name="Format">The format: CZI, LIF, …</param>
/// <param name="Xml">The file's XML; null where it has names with values.</param>
/// <param name="Values">Names with values.</param>
internal sealed record OriginalMetadata(
    string Format, XElement? Xml, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    /// <summary>Of a file with XML.</summary>
    public static OriginalMetadata? Of(string format, XElement? xml) =>
        xml is null ? null : new OriginalMetadata(format, xml, []);

    /// <summary>Of a file with names and values; null where it has none.</summary>
    public static OriginalMetadata? Of(string format, IEnumerable<KeyValuePair<string, string>> values) =>
        values.ToArray() is { Length: > 0 } all ? new OriginalMetadata(format, null, all) : null;
}
