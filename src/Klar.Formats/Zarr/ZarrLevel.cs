using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using ZstdSharp;

namespace Klar.Formats.Zarr;

/// <summary>An array of t, c, z, y, x that is written page by page, in chunks of one page.</summary>
internal sealed class ZarrLevel
{
    private const int ZstdLevel = 3;
    private const int GzipLevel = 5;

    private static readonly string[] Dimensions = ["t", "c", "z", "y", "x"];

    private readonly string _folder;
    private readonly OmeZarrVersion _version;
    private readonly SampleCompression _compression;
    private readonly SampleType _type;
    private readonly int[] _shape;
    private readonly (int Width, int Height) _chunk;

    /// <param name="folder">The array's folder, which is made.</param>
    /// <param name="version">The version of OME-Zarr.</param>
    /// <param name="compression">How chunks are compressed.</param>
    /// <param name="type">The sample type.</param>
    /// <param name="shape">Elements along t, c, z, y, x.</param>
    /// <param name="chunkSide">Rows and columns of a chunk, at most.</param>
    public ZarrLevel(
        string folder, OmeZarrVersion version, SampleCompression compression, SampleType type, int[] shape,
        int chunkSide)
    {
        (_folder, _version, _compression, _type, _shape) = (folder, version, compression, type, shape);
        _chunk = (Math.Min(chunkSide, shape[^1]), Math.Min(chunkSide, shape[^2]));
        Directory.CreateDirectory(folder);
        (string name, JsonObject metadata) = version == OmeZarrVersion.V04
            ? (ZarrVersion2.ArrayFile, Version2())
            : (ZarrVersion3.File, Version3());
        File.WriteAllText(Path.Combine(folder, name), metadata.ToJsonString());
    }

    /// <summary>Columns and rows.</summary>
    public (int Width, int Height) Size => (_shape[^1], _shape[^2]);

    /// <summary>The name of the array of a level.</summary>
    public static string NameOf(int level) => level.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes a page.</summary>
    /// <param name="place">Its place along t, c and z.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="cancel">Ends it.</param>
    public void Write(int[] place, byte[] samples, CancellationToken cancel)
    {
        string prefix = _version == OmeZarrVersion.V04 ? string.Empty : "c/";
        string above = Path.Combine(_folder, prefix + string.Join('/', place));
        int bits = 8 * ImageFile.SizeOf(_type), columns = (_shape[^1] + _chunk.Width - 1) / _chunk.Width, number = 0;
        foreach (byte[] chunk in TiffTiles.Of(samples, _shape[^2], _shape[^1], bits, _chunk))
        {
            cancel.ThrowIfCancellationRequested();
            (int row, int column) = Math.DivRem(number++, columns);
            string folder = Path.Combine(above, NameOf(row));
            Directory.CreateDirectory(folder);
            using FileStream file = File.Create(Path.Combine(folder, NameOf(column)));
            file.Write(Packed(chunk));
        }
    }

    private byte[] Packed(byte[] chunk)
    {
        switch (_compression)
        {
            case SampleCompression.Zstd:
                using (var compressor = new Compressor(ZstdLevel))
                {
                    return compressor.Wrap(chunk).ToArray();
                }

            case SampleCompression.Deflate:
                var packed = new MemoryStream();
                using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                {
                    gzip.Write(chunk);
                }

                return packed.ToArray();
            default:
                return chunk;
        }
    }

    private JsonArray Chunks => [1, 1, 1, _chunk.Height, _chunk.Width];

    private JsonObject Version2() => new()
    {
        ["zarr_format"] = 2,
        ["shape"] = Numbers(_shape),
        ["chunks"] = Chunks,
        ["dtype"] = ZarrTypes.ShortNameOf(_type),
        ["compressor"] = _compression switch
        {
            SampleCompression.Zstd => new JsonObject { ["id"] = "zstd", ["level"] = ZstdLevel },
            SampleCompression.Deflate => new JsonObject { ["id"] = "gzip", ["level"] = GzipLevel },
            _ => null,
        },
        ["fill_value"] = 0,
        ["order"] = "C",
        ["filters"] = null,
        ["dimension_separator"] = "/",
    };

    private JsonObject Version3()
    {
        JsonArray codecs = [Codec("bytes", new JsonObject { ["endian"] = "little" })];
        if (_compression == SampleCompression.Zstd)
        {
            codecs.Add(Codec("zstd", new JsonObject { ["level"] = ZstdLevel, ["checksum"] = false }));
        }
        else if (_compression == SampleCompression.Deflate)
        {
            codecs.Add(Codec("gzip", new JsonObject { ["level"] = GzipLevel }));
        }

        return new JsonObject
        {
            ["zarr_format"] = 3,
            ["node_type"] = "array",
            ["shape"] = Numbers(_shape),
            ["data_type"] = ZarrTypes.NameOf(_type),
            ["chunk_grid"] = Codec("regular", new JsonObject { ["chunk_shape"] = Chunks }),
            ["chunk_key_encoding"] = Codec("default", new JsonObject { ["separator"] = "/" }),
            ["fill_value"] = 0,
            ["codecs"] = codecs,
            ["attributes"] = new JsonObject(),
            ["dimension_names"] = new JsonArray([.. Dimensions.Select(static name => (JsonNode)name)]),
        };
    }

    private static JsonObject Codec(string name, JsonObject configuration) =>
        new() { ["name"] = name, ["configuration"] = configuration };

    private static JsonArray Numbers(IEnumerable<int> numbers) =>
        new([.. numbers.Select(static number => (JsonNode)number)]);
}
