using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>
/// Samples that TIFF packs across bytes, the high bit first; each row begins with a byte: 1 to 7 and 9 to 15 bits.
/// </summary>
internal static class PackedSamples
{
    /// <summary>Whether samples of that many bits are packed.</summary>
    public static bool Are(int bits) => bits is (>= 1 and <= 7) or (>= 9 and <= 15);

    /// <summary>
    /// One sample after the other: up to 7 bits as bytes, stretched to 0..255 as every viewer shows them; more as
    /// 16-bit numbers of the same values.
    /// </summary>
    /// <param name="packed">The rows.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="samples">Samples in a row.</param>
    /// <param name="bits">Bits of a sample.</param>
    public static byte[] Unpacked(byte[] packed, int rows, int samples, int bits)
    {
        int size = bits < 8 ? 1 : 2, rowBytes = BytesOfRow(samples, bits), white = (1 << bits) - 1;
        byte[] unpacked = new byte[(long)rows * samples * size];
        Span<ushort> wide = MemoryMarshal.Cast<byte, ushort>(unpacked.AsSpan());
        for (int y = 0, to = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> row = packed.AsSpan(y * rowBytes, rowBytes);
            uint pending = 0;
            for (int x = 0, at = 0, held = 0; x < samples; x++, to++)
            {
                for (; held < bits; held += 8)
                {
                    pending = (pending << 8) | row[at++];
                }

                held -= bits;
                int value = (int)(pending >> held) & white;
                if (size == 1)
                {
                    unpacked[to] = (byte)(((value * 255) + (white / 2)) / white);
                }
                else
                {
                    wide[to] = (ushort)value;
                }
            }
        }

        return unpacked;
    }

    /// <summary>Bytes that are 0 or 255 as single bits.</summary>
    public static byte[] Bits(ReadOnlySpan<byte> bytes, int rows, int samples)
    {
        int rowBytes = BytesOfRow(samples, 1);
        byte[] packed = new byte[rows * rowBytes];
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < samples; x++)
            {
                packed[(y * rowBytes) + (x / 8)] |= (byte)(bytes[(y * samples) + x] == 0 ? 0 : 128 >> (x % 8));
            }
        }

        return packed;
    }

    /// <summary>Floats of 16 bits as floats of 32 bits, which hold the same values.</summary>
    public static byte[] Widened(byte[] halves)
    {
        byte[] singles = new byte[2L * halves.Length];
        for (int i = 0; i < halves.Length; i += 2)
        {
            MemoryMarshal.Write(singles.AsSpan(2 * i), (float)MemoryMarshal.Read<Half>(halves.AsSpan(i)));
        }

        return singles;
    }

    /// <summary>Bytes of a row.</summary>
    public static int BytesOfRow(int samples, int bits) => checked((int)((((long)samples * bits) + 7) / 8));
}
