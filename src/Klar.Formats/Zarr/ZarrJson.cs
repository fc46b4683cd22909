using System.Text.Json;

namespace Klar.Formats.Zarr;

/// <summary>The JSON files of a Zarr folder.</summary>
internal static class ZarrJson
{
    private const long MaxBytes = 1 << 26;

    /// <exception cref="BadImageFileException">There is none, or it is damaged.</exception>
    public static JsonDocument Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadImageFileException($"damaged: it has no {Path.GetFileName(path)} where one should be");
        }

        FileKind.RefuseStream(path);
        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new BadImageFileException($"damaged: its {Path.GetFileName(path)} is too large");
        }

        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException failure)
        {
            throw new BadImageFileException($"damaged: its {Path.GetFileName(path)} cannot be read", failure);
        }
    }

    /// <summary>A member by its name; null where there is none.</summary>
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
            ? member
            : null;

    /// <summary>The elements of an array; none where it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>A text; null where it is none.</summary>
    public static string? Text(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
