using System.Numerics;
using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;
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

    private const int Differences = 2;
    private const int FloatDifferences = 3;

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
