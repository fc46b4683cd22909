using System.Numerics;

namespace Klar.Formats.Zarr;

/// <summary>The checksum CRC-32C (Castagnoli), RFC 3720, appendix B.4.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }
}
