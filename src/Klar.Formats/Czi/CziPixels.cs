using NetVips;
using ZstdSharp;
using VipsImage = NetVips.Image;

namespace Klar.Formats.Czi;

/// <summary>The pixels of a sub-block, decompressed.</summary>
/// <remarks>
/// Zstd1 puts a header in front of the stream: its length in bytes, then a chunk of type 1 whose lowest bit says that
/// the low bytes of all 16-bit samples stand in front of all high bytes.
/// </remarks>
internal static class CziPixels
{
    private const int HeaderOnly = 1;
    private const int HeaderWithPacking = 3;
    private const byte PackingChunk = 1;
    private const byte LowBytesFirst = 1;

    /// <summary>Sample type, channels and transparency of a pixel type; null for what Klar does not read.</summary>
    public static (SampleType Type, int Channels, bool HasAlpha)? KindOf(CziPixelType type) => type switch
    {
        CziPixelType.Gray8 => (SampleType.UInt8, 1, false),
        CziPixelType.Gray16 => (SampleType.UInt16, 1, false),
        CziPixelType.Gray32Float => (SampleType.Float32, 1, false),
        CziPixelType.Gray64Float => (SampleType.Float64, 1, false),
        CziPixelType.Bgr24 => (SampleType.UInt8, 3, false),
        CziPixelType.Bgr48 => (SampleType.UInt16, 3, false),
        CziPixelType.Bgr96Float => (SampleType.Float32, 3, false),
        CziPixelType.Bgra32 => (SampleType.UInt8, 4, true),
        _ => null,
    };

    /// <summary>What keeps Klar from reading a compression, in a line; null where it reads it.</summary>
    public static string? Refusal(CziCompression compression) => compression switch
    {
        CziCompression.None or CziCompression.Jpeg or CziCompression.Zstd0 or CziCompression.Zstd1 => null,
        CziCompression.JpegXr =>
            "its pixels are compressed as JPEG XR, which Klar does not read: save it uncompressed or with Zstd in ZEN",
        CziCompression.Lzw =>
            "its pixels are compressed as LZW, which Klar does not read: save it uncompressed or with Zstd in ZEN",
        _ => $"its pixels are compressed in a camera's own way ({(int)compression}), which Klar does not read",
    };

    /// <summary>Samples row by row, colours as red, green, blue.</summary>
    /// <param name="stored">The bytes in the file.</param>
    /// <param name="block">What they are.</param>
    /// <exception cref="BadImageFileException">They are not what the block says.</exception>
    public static byte[] Decoded(byte[] stored, SubBlock block)
    {
        if (Refusal(block.Compression) is { } refusal)
        {
            throw new BadImageFileException(refusal);
        }

        byte[] pixels = block.Compression switch
        {
            CziCompression.Jpeg => Jpeg(stored, block),
            CziCompression.Zstd0 => Zstd(stored, block),
            CziCompression.Zstd1 => Zstd1(stored, block),
            _ when stored.Length >= block.PixelBytes => stored,
            _ => throw new BadImageFileException("truncated or damaged: a tile has too few bytes"),
        };
        bool hasColours = block.Kind.Channels > 1 && block.Compression != CziCompression.Jpeg;
        return hasColours ? RedFirst(pixels, block) : pixels;
    }

    private static byte[] Zstd1(byte[] stored, SubBlock block)
    {
        bool packed = stored is [HeaderWithPacking, PackingChunk, var flags, ..] && (flags & LowBytesFirst) != 0;
        int header = stored is [HeaderOnly or HeaderWithPacking, ..]
            ? stored[0]
            : throw new BadImageFileException("damaged: a tile's Zstd header makes no sense");
        byte[] pixels = Zstd(stored.AsSpan(header), block);
        return packed ? Interleaved(pixels) : pixels;
    }

    private static byte[] Zstd(ReadOnlySpan<byte> stored, SubBlock block)
    {
        // Asked first, so that a damaged header does not make us take memory for what is not there.
        if (Decompressor.GetDecompressedSize(stored) != (ulong)block.PixelBytes)
        {
            throw new BadImageFileException("damaged: a compressed tile has another size than its header says");
        }

        using var decompressor = new Decompressor();
        byte[] pixels = new byte[block.PixelBytes];
        return decompressor.Unwrap(stored, pixels) == pixels.Length
            ? pixels
            : throw new BadImageFileException("truncated or damaged: a compressed tile ends early");
    }

    /// <summary>16-bit samples whose low bytes stand in front of all high bytes, put together.</summary>
    private static byte[] Interleaved(ReadOnlySpan<byte> packed)
    {
        int count = packed.Length / 2;
        byte[] samples = new byte[packed.Length];
        for (int i = 0; i < count; i++)
        {
            samples[2 * i] = packed[i];
            samples[(2 * i) + 1] = packed[count + i];
        }

        return samples;
    }

    private static byte[] Jpeg(byte[] stored, SubBlock block)
    {
        try
        {
            using VipsImage image = VipsImage.JpegloadBuffer(stored, failOn: Enums.FailOn.Error);
            bool fits = (image.Width, image.Height, image.Bands) == (block.Width, block.Height, block.Kind.Channels);
            return fits && block.Kind.Type == SampleType.UInt8
                ? image.WriteToMemory<byte>()
                : throw new BadImageFileException("damaged: a JPEG tile has another size than its header says");
        }
        catch (VipsException failure)
        {
            throw new BadImageFileException("damaged: a JPEG tile cannot be decoded", failure);
        }
    }

    private static byte[] RedFirst(byte[] pixels, SubBlock block)
    {
        int size = ImageFile.SizeOf(block.Kind.Type), pixel = size * block.Kind.Channels;
        Span<byte> blue = stackalloc byte[size];
        for (int at = 0; at < block.PixelBytes; at += pixel)
        {
            Span<byte> first = pixels.AsSpan(at, size), third = pixels.AsSpan(at + (2 * size), size);
            first.CopyTo(blue);
            third.CopyTo(first);
            blue.CopyTo(third);
        }

        return pixels;
    }
}
