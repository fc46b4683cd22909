using System.Text.Json;

namespace Klar.Formats.Zarr;

/// <summary>The metadata of an array of Zarr version 3, <c>zarr.json</c>.</summary>
/// <remarks>Zarr core specification version 3, https://zarr-specs.readthedocs.io/en/latest/v3/core.</remarks>
internal static class ZarrVersion3
{
    /// <summary>The file with the metadata of a group or an array.</summary>
    public const string File = "zarr.json";

    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public static ZarrLayout Of(JsonElement array)
    {
        string type = array.Get("data_type").Text() ?? "of a kind that is not named";
        SampleType samples = ZarrTypes.Of(type);
        JsonElement? grid = array.Get("chunk_grid"), keys = array.Get("chunk_key_encoding");
        RefuseOther("chunk_grid", NameOf(grid), "regular");
        int[] outer = grid.Get("configuration").Get("chunk_shape").Integers();
        (char separator, string prefix) = Names(keys);
        JsonElement[] codecs = [.. array.Get("codecs").Items()];
        JsonElement? sharding = codecs is [var only] && NameOf(only) == "sharding_indexed"
            ? only.Get("configuration")
            : null;
        return new ZarrLayout
        {
            Shape = array.Get("shape").Integers(),
            Chunks = sharding is null ? outer : sharding.Get("chunk_shape").Integers(),
            Shards = sharding is null ? null : outer,
            Type = samples,
            Fill = ZarrTypes.Fill(samples, array.Get("fill_value")),
            Separator = separator,
            Prefix = prefix,
            Codecs = Codecs(sharding is null ? codecs : sharding.Get("codecs").Items()),
            IndexCodecs = sharding is null ? null : Codecs(sharding.Get("index_codecs").Items()),
            IndexAtStart = sharding.Get("index_location").Text() == "start",
        }.Checked();
    }

    private static ZarrCodecs Codecs(IEnumerable<JsonElement> codecs)
    {
        var compressors = new List<string>();
        bool bigEndian = false;
        int[]? transposed = null;
        foreach (JsonElement codec in codecs)
        {
            switch (NameOf(codec))
            {
                case "bytes" or "endian":
                    bigEndian = codec.Get("configuration").Get("endian").Text() == "big";
                    break;
                case "transpose":
                    int[] order = codec.Get("configuration").Get("order").Integers();
                    transposed = transposed is null && order.Order().SequenceEqual(Enumerable.Range(0, order.Length))
                        ? order
                        : throw new BadImageFileException("damaged: the order of its axes makes no sense");
                    break;
                case "sharding_indexed":
                    throw new BadImageFileException("it has shards within shards, which Klar does not read");
                case var name:
                    compressors.Add(ZarrCodec.Of(name));
                    break;
            }
        }

        return new ZarrCodecs(compressors, bigEndian) { Transposed = transposed };
    }

    private static (char Separator, string Prefix) Names(JsonElement? keys)
    {
        string? separator = keys.Get("configuration").Get("separator").Text();
        return NameOf(keys) switch
        {
            "v2" => (separator == "/" ? '/' : '.', string.Empty),
            _ => separator == "." ? ('.', "c.") : ('/', "c/"),
        };
    }

    private static string? NameOf(JsonElement? extension) =>
        extension is { ValueKind: JsonValueKind.String } name ? name.GetString() : extension.Get("name").Text();

    private static void RefuseOther(string what, string? name, string wanted)
    {
        if (name != wanted)
        {
            throw new BadImageFileException($"its {what} is '{name}', which Klar does not read");
        }
    }
}
