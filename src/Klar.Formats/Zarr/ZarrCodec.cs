using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace Klar.Formats.Zarr;

/// <summary>How the chunks of an array are compressed, by the codecs' names in Zarr.</summary>
internal static class ZarrCodec
{
    private const int MaxBytes = 1 << 30;
    private const int ChecksumBytes = sizeof(uint);

    // Version 3 has the codecs that are not its own under the name of the library they come from.
    private const string Library = "numcodecs.";

    private static readonly string[] Known = ["gzip", "zlib", "zstd", "lz4", "blosc", "crc32c"];

    /// <summary>A codec's name as it is known here.</summary>
    /// <exception cref="BadImageFileException">Klar does not read it.</exception>
    public static string Of(string? name)
    {
        bool isLibrarys = name?.StartsWith(Library, StringComparison.Ordinal) == true;
        string known = isLibrarys ? name![Library.Length..] : name ?? string.Empty;
        return Known.Contains(known)
            ? known
            : throw new BadImageFileException(
                $"its chunks are compressed by {name ?? "something without a name"}, which Klar does not read");
    }

    /// <summary>A chunk's bytes before a codec.</summary>
    /// <param name="codec">The codec's name.</param>
    /// <param name="stored">The bytes behind it.</param>
    /// <param name="bytes">Bytes that it must have; null where that is not known.</param>
    /// <exception cref="BadImageFileException">It is damaged.</exception>
    public static byte[] Decoded(string codec, byte[] stored, int? bytes)
    {
        byte[] decoded = codec switch
        {
            "blosc" => Blosc.Decoded(stored, bytes ?? Stated(stored, at: sizeof(int))),
            "crc32c" => Verified(stored),
            "lz4" => Lz4(stored, bytes ?? Stated(stored, at: 0)),
            "zstd" => Zstd(stored, bytes),
            "gzip" => Inflated(new GZipStream(new MemoryStream(stored), CompressionMode.Decompress), bytes),
            _ => Inflated(new ZLibStream(new MemoryStream(stored), CompressionMode.Decompress), bytes),
        };
        return bytes is null || decoded.Length == bytes ? decoded : throw TooShort();
    }

    /// <summary>That a chunk does not have its samples.</summary>
    public static BadImageFileException TooShort() => new("truncated or damaged: a chunk of it has too few samples");

    private static int Stated(byte[] stored, int at) => stored.Length >= at + sizeof(int)
        && BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(at)) is >= 0 and <= MaxBytes and int bytes
            ? bytes
            : throw TooShort();

    private static byte[] Lz4(byte[] stored, int bytes)
    {
        byte[] to = new byte[bytes];
        return Stated(stored, at: 0) == bytes && LZ4Codec.Decode(stored.AsSpan(sizeof(int)), to) == bytes
            ? to
            : throw TooShort();
    }

    private static byte[] Zstd(byte[] stored, int? bytes)
    {
        using var decompressor = new Decompressor();
        if (bytes is not { } known)
        {
            return decompressor.Unwrap(stored, MaxBytes).ToArray();
        }

        byte[] to = new byte[known];
        return decompressor.Unwrap(stored, to) == known ? to : throw TooShort();
    }

    private static byte[] Inflated(Stream stream, int? bytes)
    {
        using (stream)
        {
            if (bytes is { } known)
            {
                byte[] to = new byte[known];
                return stream.ReadAtLeast(to, known, throwOnEndOfStream: false) == known ? to : throw TooShort();
            }

            var all = new MemoryStream();
            byte[] part = new byte[1 << 16];
            for (int read; (read = stream.Read(part)) > 0 && all.Length <= MaxBytes;)
            {
                all.Write(part, 0, read);
            }

            return all.ToArray();
        }
    }

    private static byte[] Verified(byte[] stored)
    {
        if (stored.Length < ChecksumBytes)
        {
            throw TooShort();
        }

        byte[] bytes = stored[..^ChecksumBytes];
        return BinaryPrimitives.ReadUInt32LittleEndian(stored.AsSpan(bytes.Length)) == Crc32C.Of(bytes)
            ? bytes
            : throw new BadImageFileException("damaged: the checksum of a chunk is wrong");
    }
}
