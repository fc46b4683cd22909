using System.Text.Json;

namespace Klar.Formats.Zarr;

/// <summary>The JSON files of a Zarr hierarchy.</summary>
internal static class ZarrJson
{
    private const int MaxBytes = 1 << 26;

    /// <exception cref="BadImageFileException">There is none, or it is damaged.</exception>
    public static JsonElement Read(IZarrStore store, string name)
    {
        string last = name.Split('/')[^1];
        byte[] text = store.Read(name)
            ?? throw new BadImageFileException($"damaged: it has no {last} where one should be");
        if (text.Length > MaxBytes)
        {
            throw new BadImageFileException($"damaged: its {last} is too large");
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException failure)
        {
            throw new BadImageFileException($"damaged: its {last} cannot be read", failure);
        }
    }

    /// <summary>
    /// What OME-Zarr says about a folder: its attributes, of version 3 of Zarr the part that is OME's; null where it
    /// says nothing.
    /// </summary>
    public static JsonElement? Attributes(IZarrStore store, string path)
    {
        string folder = ZarrPath.Folder(path);
        return store.Has(folder + ZarrVersion3.File)
            ? Read(store, folder + ZarrVersion3.File).Get("attributes").Get("ome")
            : store.Has(folder + ZarrVersion2.AttributesFile)
                ? Read(store, folder + ZarrVersion2.AttributesFile)
                : null;
    }

    /// <summary>A member by its name; null where there is none.</summary>
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
            ? member
            : null;

    /// <summary>The same of what may be missing.</summary>
    public static JsonElement? Get(this JsonElement? element, string name) => element?.Get(name);

    /// <summary>The elements of an array; none where it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>An array of whole numbers.</summary>
    /// <exception cref="FormatException">One of them is none, or too large.</exception>
    public static int[] Integers(this JsonElement? element) =>
        [.. element.Items().Select(static number => number.GetInt32())];

    /// <summary>A text; null where it is none.</summary>
    public static string? Text(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
