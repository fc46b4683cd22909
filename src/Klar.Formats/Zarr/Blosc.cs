using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace Klar.Formats.Zarr;

/// <summary>Blosc: compressed blocks whose bytes or bits are shuffled. No .NET library reads it.</summary>
/// <remarks>
/// Blosc Chunk Format, https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst; numbers begin with their low
/// byte.
/// <code>
/// 0  version, version of the codec    4  bytes        8   bytes of a block
/// 2  flags                            12 bytes compressed, this header included
/// 3  bytes of a sample                16 where each block begins; then the blocks: length and data of each split
/// </code>
/// </remarks>
internal static class Blosc
{
    private const int HeaderBytes = 16;
    private const int ByteShuffled = 0x01;
    private const int Copied = 0x02;
    private const int BitShuffled = 0x04;
    private const int NotSplit = 0x10;
    private const int MaxSplits = 16;
    private const int MinSplitBytes = 128;

    /// <summary>The codecs by their numbers in the flags.</summary>
    private enum Codec
    {
        BloscLz = 0,
        Lz4 = 1,
        Snappy = 2,
        Zlib = 3,
        Zstd = 4,
    }

    /// <summary>Decompresses a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="bytes">Bytes that it must have.</param>
    /// <exception cref="BadImageFileException">It is damaged, or of a codec that Klar does not read.</exception>
    public static byte[] Decoded(ReadOnlySpan<byte> chunk, int bytes)
    {
        if (chunk.Length < HeaderBytes || BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]) != bytes)
        {
            throw Damaged();
        }

        int flags = chunk[2], sample = Math.Max((byte)1, chunk[3]);
        int block = BinaryPrimitives.ReadInt32LittleEndian(chunk[8..]);
        byte[] to = new byte[bytes];
        if ((flags & Copied) != 0)
        {
            chunk.Slice(HeaderBytes, bytes).CopyTo(to);
            return to;
        }

        if (block <= 0 && bytes > 0)
        {
            throw Damaged();
        }

        byte[] shuffled = new byte[Math.Min(block, bytes)];
        for (int at = 0, number = 0; at < bytes; at += block, number++)
        {
            Span<byte> part = shuffled.AsSpan(0, Math.Min(block, bytes - at));
            int from = BinaryPrimitives.ReadInt32LittleEndian(chunk[(HeaderBytes + (number * sizeof(int)))..]);
            bool isSplit = (flags & NotSplit) == 0 && part.Length == block
                && sample <= MaxSplits && block / sample >= MinSplitBytes;
            ReadBlock(chunk[from..], part, (Codec)(flags >> 5), isSplit ? sample : 1);
            Unshuffle(part, to.AsSpan(at, part.Length), sample, flags);
        }

        return to;
    }

    private static void ReadBlock(ReadOnlySpan<byte> from, Span<byte> to, Codec codec, int splits)
    {
        int split = to.Length / splits;
        for (int i = 0; i < splits; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(from);
            Decode(from.Slice(sizeof(int), length), to.Slice(i * split, split), codec);
            from = from[(sizeof(int) + length)..];
        }
    }

    private static void Decode(ReadOnlySpan<byte> from, Span<byte> to, Codec codec)
    {
        // What did not get smaller is stored as it is.
        if (from.Length == to.Length)
        {
            from.CopyTo(to);
            return;
        }

        int written = codec switch
        {
            Codec.Lz4 => LZ4Codec.Decode(from, to),
            Codec.Zstd => Zstd(from, to),
            Codec.Zlib => Zlib(from, to),
            _ => throw new BadImageFileException($"its chunks are Blosc with {codec}, which Klar does not read"),
        };
        if (written != to.Length)
        {
            throw Damaged();
        }
    }

    private static int Zstd(ReadOnlySpan<byte> from, Span<byte> to)
    {
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(from, to);
    }

    private static int Zlib(ReadOnlySpan<byte> from, Span<byte> to)
    {
        using var stream = new ZLibStream(new MemoryStream(from.ToArray()), CompressionMode.Decompress);
        return stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false);
    }

    private static void Unshuffle(ReadOnlySpan<byte> from, Span<byte> to, int sample, int flags)
    {
        int count = from.Length / sample;
        from.CopyTo(to);
        if ((flags & ByteShuffled) != 0 && sample > 1)
        {
            for (int i = 0; i < count * sample; i++)
            {
                to[(i % count * sample) + (i / count)] = from[i];
            }
        }
        else if ((flags & BitShuffled) != 0 && count % 8 == 0)
        {
            UnshuffleBits(from, to, sample, count);
        }
    }

    /// <summary>Row b of the shuffled bits holds bit b of every sample, the first of eight in the lowest bit.</summary>
    private static void UnshuffleBits(ReadOnlySpan<byte> from, Span<byte> to, int sample, int count)
    {
        to[..(count * sample)].Clear();
        int row = count / 8;
        for (int bit = 0; bit < 8 * sample; bit++)
        {
            for (int i = 0; i < count; i++)
            {
                int value = (from[(bit * row) + (i / 8)] >> (i % 8)) & 1;
                to[(i * sample) + (bit / 8)] |= (byte)(value << (bit % 8));
            }
        }
    }

    private static BadImageFileException Damaged() => new("truncated or damaged: a chunk of it cannot be decompressed");
}
