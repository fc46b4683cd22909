using System.Numerics;
using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;
using Klar.Formats.Containers;
using ZstdSharp;

namespace Klar.Formats;

/// <summary>
/// Strips and tiles of TIFF pages that are compressed with Zstandard, as tifffile and GDAL write them: neither
/// LibTiff nor the libvips that ships with Klar knows it. A predictor is undone here as well.
/// </summary>
internal static class ZstdStrips
{
    /// <summary>Its number in TIFF.</summary>
    public const Compression Zstd = (Compression)50000;

    /// <summary>The predictor that stores differences of neighbours.</summary>
    public const int Differences = 2;

    private const int FloatDifferences = 3;

    /// <summary>The tag that says so.</summary>
    public static TiffFieldInfo PredictorField { get; } = new(
        TiffTag.PREDICTOR, 1, 1, TiffType.SHORT, FieldBit.Custom, okToChange: false, passCount: false, "Predictor");

    /// <summary>Decodes a strip or a tile of the page that <paramref name="tiff"/> is at.</summary>
    /// <param name="tiff">The file.</param>
    /// <param name="number">The strip's or tile's number.</param>
    /// <param name="to">Where the samples go; a page's last strip may fill less of it.</param>
    /// <param name="row">Samples in one of its rows, all channels that are in it counted.</param>
    /// <param name="stride">Channels in it.</param>
    /// <returns>How many bytes were decoded.</returns>
    public static int Read(Tiff tiff, int number, Span<byte> to, int row, int stride)
    {
        byte[] stored = new byte[tiff.IsTiled() ? tiff.RawTileSize(number) : tiff.RawStripSize(number)];
        int read = tiff.IsTiled()
            ? tiff.ReadRawTile(number, stored, 0, stored.Length)
            : tiff.ReadRawStrip(number, stored, 0, stored.Length);
        if (read <= 0)
        {
            return -1;
        }

        using var decompressor = new Decompressor();
        int decoded = decompressor.Unwrap(stored.AsSpan(0, read), to);
        int bits = TiffTags.Number(tiff, TiffTag.BITSPERSAMPLE, 1);
        int predictor = TiffTags.PredictorOf(tiff);
        if (bits % 8 == 0)
        {
            int rowBytes = row * bits / 8;
            for (int at = 0; at + rowBytes <= decoded; at += rowBytes)
            {
                Restore(to.Slice(at, rowBytes), bits / 8, stride, predictor, tiff.IsBigEndian());
            }
        }

        return decoded;
    }

    /// <summary>Compresses a strip or a tile, whose memory is changed.</summary>
    /// <param name="samples">Its samples in the machine's byte order.</param>
    /// <param name="row">Bytes of one of its rows.</param>
    /// <param name="size">Bytes of a sample.</param>
    /// <param name="stride">Channels in it.</param>
    /// <param name="predicted">Whether differences of neighbours are stored.</param>
    /// <param name="bigEndian">Whether the file's numbers begin with their high byte.</param>
    public static byte[] Packed(Span<byte> samples, int row, int size, int stride, bool predicted, bool bigEndian)
    {
        for (int at = 0; predicted && at + row <= samples.Length; at += row)
        {
            Span<byte> one = samples.Slice(at, row);
            switch (size)
            {
                case 1: Differentiate(one, stride); break;
                case 2: Differentiate(MemoryMarshal.Cast<byte, ushort>(one), stride); break;
                case 4: Differentiate(MemoryMarshal.Cast<byte, uint>(one), stride); break;
                default: Differentiate(MemoryMarshal.Cast<byte, ulong>(one), stride); break;
            }
        }

        ByteOrder.ToMachine(samples, size, bigEndian);
        using var compressor = new Compressor();
        return compressor.Wrap(samples).ToArray();
    }

    private static void Differentiate<T>(Span<T> row, int stride)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = row.Length - 1; i >= stride; i--)
        {
            row[i] = unchecked(row[i] - row[i - stride]);
        }
    }

    private static void Restore(Span<byte> row, int size, int stride, int predictor, bool isBigEndian)
    {
        if (predictor == FloatDifferences)
        {
            RestoreFloats(row, size, stride);
            return;
        }

        if (isBigEndian && size > 1)
        {
            for (int at = 0; at < row.Length; at += size)
            {
                row.Slice(at, size).Reverse();
            }
        }

        if (predictor == Differences)
        {
            switch (size)
            {
                case 1: Accumulate(row, stride); break;
                case 2: Accumulate(MemoryMarshal.Cast<byte, ushort>(row), stride); break;
                case 4: Accumulate(MemoryMarshal.Cast<byte, uint>(row), stride); break;
                case 8: Accumulate(MemoryMarshal.Cast<byte, ulong>(row), stride); break;
                default: break;
            }
        }
    }

    private static void Accumulate<T>(Span<T> row, int stride)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = stride; i < row.Length; i++)
        {
            row[i] = unchecked(row[i] + row[i - stride]);
        }
    }

    // All first bytes of a row's floats, the high ones, stand before all second ones, whatever the file's byte order.
    private static void RestoreFloats(Span<byte> row, int size, int stride)
    {
        Accumulate(row, stride);
        byte[] planes = row.ToArray();
        int samples = row.Length / size;
        for (int i = 0; i < samples; i++)
        {
            for (int part = 0; part < size; part++)
            {
                row[(i * size) + (size - 1 - part)] = planes[(part * samples) + i];
            }
        }
    }
}
