using System.Buffers.Binary;

namespace Klar.Formats.Tests.Containers;

/// <summary>MRC files as the specification describes them.</summary>
internal sealed record MrcBytes
{
    public required int Mode { get; init; }

    public (int Columns, int Rows, int Sections) Size { get; init; } = (5, 4, 3);

    public bool BigEndian { get; init; }

    public bool Stamped { get; init; } = true;

    public bool ImodUnsigned { get; init; }

    public int ExtendedHeader { get; init; }

    public int SpaceGroup { get; init; } = 1;

    public int SectionsOfVolume { get; init; } = 3;

    /// <summary>The file, with samples that count up from 0.</summary>
    public byte[] Bytes()
    {
        int size = Mode switch { 0 => 1, 2 => 4, _ => 2 };
        int count = Size.Columns * Size.Rows * Size.Sections;
        byte[] bytes = new byte[1024 + ExtendedHeader + (count * size)];
        int[] words = new int[256];
        (words[0], words[1], words[2], words[3]) = (Size.Columns, Size.Rows, Size.Sections, Mode);
        (words[7], words[8], words[9]) = (Size.Columns, Size.Rows, SectionsOfVolume);
        (words[10], words[11]) = (Real(Size.Columns * 1.5f), Real(Size.Rows * 2f));
        words[12] = Real(SectionsOfVolume * 4f);
        (words[16], words[17], words[18]) = (1, 2, 3);
        (words[22], words[23]) = (SpaceGroup, ExtendedHeader);
        words[38] = ImodUnsigned ? 0x444F4D49 : 0;
        for (int i = 0; i < words.Length; i++)
        {
            Write(bytes.AsSpan(4 * i), words[i]);
        }

        if (Stamped)
        {
            "MAP "u8.CopyTo(bytes.AsSpan(208));
            bytes[212] = bytes[213] = (byte)(BigEndian ? 0x11 : 0x44);
        }

        for (int i = 0; i < count; i++)
        {
            Span<byte> at = bytes.AsSpan(1024 + ExtendedHeader + (i * size));
            switch (Mode)
            {
                case 0: at[0] = (byte)i; break;
                case 2: Write(at, Real(i)); break;
                case 12: Write(at, BitConverter.HalfToInt16Bits((Half)i)); break;
                default: Write(at, (short)i); break;
            }
        }

        return bytes;
    }

    private static int Real(float value) => BitConverter.SingleToInt32Bits(value);

    private void Write(Span<byte> to, int value)
    {
        if (BigEndian)
        {
            BinaryPrimitives.WriteInt32BigEndian(to, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, value);
        }
    }

    private void Write(Span<byte> to, short value)
    {
        if (BigEndian)
        {
            BinaryPrimitives.WriteInt16BigEndian(to, value);
        }
        else
        {
            BinaryPrimitives.WriteInt16LittleEndian(to, value);
        }
    }
}
