using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace Klar.Formats.Zarr;

/// <summary>How the chunks of an array are compressed ("compressor" of Zarr version 2).</summary>
internal static class ZarrCodec
{
    private static readonly string[] Known = ["gzip", "zlib", "zstd", "lz4", "blosc"];

    /// <summary>The name of the codec; null for none.</summary>
    /// <exception cref="BadImageFileException">Klar does not read it.</exception>
    public static string? Of(JsonElement array)
    {
        string? name = array.Get("compressor") is { ValueKind: JsonValueKind.Object } codec
            ? codec.Get("id").Text() ?? "something without a name"
            : null;
        if (array.Get("filters").Items().Any())
        {
            throw new BadImageFileException("its chunks went through filters, which Klar does not read");
        }

        return name is null || Known.Contains(name)
            ? name
            : throw new BadImageFileException($"its chunks are compressed by {name}, which Klar does not read");
    }

    /// <summary>A chunk's samples.</summary>
    /// <param name="codec">The codec's name; null for none.</param>
    /// <param name="stored">The bytes in the file.</param>
    /// <param name="bytes">Bytes that it must have.</param>
    /// <exception cref="BadImageFileException">It is damaged.</exception>
    public static byte[] Decoded(string? codec, byte[] stored, int bytes)
    {
        if (codec == "blosc")
        {
            return Blosc.Decoded(stored, bytes);
        }

        byte[] samples = new byte[bytes];
        int written = codec switch
        {
            "gzip" => Inflate(new GZipStream(new MemoryStream(stored), CompressionMode.Decompress), samples),
            "zlib" => Inflate(new ZLibStream(new MemoryStream(stored), CompressionMode.Decompress), samples),
            "zstd" => Zstd(stored, samples),
            "lz4" when BinaryPrimitives.ReadInt32LittleEndian(stored) == bytes =>
                LZ4Codec.Decode(stored.AsSpan(sizeof(int)), samples),
            null when stored.Length == bytes => Copy(stored, samples),
            _ => -1,
        };
        return written == bytes
            ? samples
            : throw new BadImageFileException("truncated or damaged: a chunk of it has too few samples");
    }

    private static int Inflate(Stream stream, byte[] to)
    {
        using (stream)
        {
            return stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false);
        }
    }

    private static int Zstd(byte[] from, byte[] to)
    {
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(from, to);
    }

    private static int Copy(byte[] from, byte[] to)
    {
        from.CopyTo(to, 0);
        return to.Length;
    }
}
