using System.Text.Json;

namespace Klar.Formats.Zarr;

/// <summary>The metadata of an array of Zarr version 2, <c>.zarray</c>.</summary>
/// <remarks>Zarr storage specification version 2, https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html.</remarks>
internal static class ZarrVersion2
{
    /// <summary>The file with an array's metadata.</summary>
    public const string ArrayFile = ".zarray";

    /// <summary>The file with a group's or an array's attributes.</summary>
    public const string AttributesFile = ".zattrs";

    /// <summary>The file that marks a group.</summary>
    public const string GroupFile = ".zgroup";

    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public static ZarrLayout Of(JsonElement array)
    {
        string type = array.GetProperty("dtype").GetString() ?? string.Empty;
        int[] chunks = array.Get("chunks").Integers();
        if (array.Get("filters").Items().Any())
        {
            throw new BadImageFileException("its chunks went through filters, which Klar does not read");
        }

        string[] compressors = array.Get("compressor") is { ValueKind: JsonValueKind.Object } codec
            ? [ZarrCodec.Of(codec.Get("id").Text())]
            : [];
        SampleType samples = ZarrTypes.Of(type.TrimStart('<', '>', '|'));
        return new ZarrLayout
        {
            Shape = array.Get("shape").Integers(),
            Chunks = chunks,
            Type = samples,
            Fill = ZarrTypes.Fill(samples, array.Get("fill_value")),
            Separator = array.Get("dimension_separator").Text() == "/" ? '/' : '.',
            Codecs = new ZarrCodecs(compressors, type.StartsWith('>'))
            {
                Transposed = array.Get("order").Text() == "F"
                    ? [.. Enumerable.Range(0, chunks.Length).Reverse()]
                    : null,
            },
        }.Checked();
    }
}
