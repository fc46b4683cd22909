using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Klar.Formats.Containers;

/// <summary>The order of bytes in numbers.</summary>
internal static class ByteOrder
{
    /// <summary>Turns samples of a file into the machine's order, in place.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="size">Bytes of a sample: 1, 2, 4 or 8.</param>
    /// <param name="bigEndian">Whether the file's numbers begin with their high byte.</param>
    public static void ToMachine(Span<byte> samples, int size, bool bigEndian)
    {
        if (bigEndian == !BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (size)
        {
            case 2:
                Span<ushort> twos = MemoryMarshal.Cast<byte, ushort>(samples);
                BinaryPrimitives.ReverseEndianness(twos, twos);
                break;
            case 4:
                Span<uint> fours = MemoryMarshal.Cast<byte, uint>(samples);
                BinaryPrimitives.ReverseEndianness(fours, fours);
                break;
            case 8:
                Span<ulong> eights = MemoryMarshal.Cast<byte, ulong>(samples);
                BinaryPrimitives.ReverseEndianness(eights, eights);
                break;
        }
    }
}
