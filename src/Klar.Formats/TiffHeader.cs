namespace Klar.Formats;

/// <summary>The first bytes of a TIFF file.</summary>
internal static class TiffHeader
{
    private const int Classic = 42;
    private const int Big = 43;

    /// <summary>Whether it is a TIFF file, classic or big.</summary>
    public static bool Is(string path) => VersionOf(path) is Classic or Big;

    /// <summary>Whether its offsets have 64 bits.</summary>
    public static bool IsBig(string path) => VersionOf(path) == Big;

    /// <summary>
    /// Whether the directories lie in the file, each once, and so do the values of their tags. LibTiff believes a tag that announces gigabytes, and reserves them.
    /// </summary>
    public static bool IsSane(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var reader = new BinaryReader(file);
        bool swapped = (reader.ReadUInt16() == 0x4D4D) == BitConverter.IsLittleEndian;
        ulong Number(int bytes)
        {
            Span<byte> number = stackalloc byte[8];
            number.Clear();
            file.ReadExactly(number[..bytes]);
            if (swapped)
            {
                number[..bytes].Reverse();
            }

            return BitConverter.ToUInt64(number);
        }

        bool big = Number(2) == Big;
        (int offset, int counter, int entry) = big ? (8, 8, 20) : (4, 2, 12);
        file.Position = big ? 8 : 4;
        var seen = new HashSet<ulong>();
        try
        {
            for (ulong at = Number(offset); at != 0 && seen.Count <= ushort.MaxValue; at = Number(offset))
            {
                if (!seen.Add(at) || at >= (ulong)file.Length)
                {
                    return false;
                }

                file.Position = (long)at;
                ulong entries = Number(counter);
                if (entries == 0 || entries > (ulong)(file.Length / entry))
                {
                    return false;
                }

                for (ulong i = 0; i < entries; i++)
                {
                    _ = Number(2);
                    ulong size = SizeOf((int)Number(2)), count = Number(offset);
                    _ = Number(offset);
                    if (count > (ulong)file.Length / size)
                    {
                        return false;
                    }
                }
            }

            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>Bytes of a value of TIFF's types 1 to 18.</summary>
    private static ulong SizeOf(int type) => type switch
    {
        3 or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        5 or 10 or 12 or 16 or 17 or 18 => 8,
        _ => 1,
    };

    private static int VersionOf(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
        {
            return 0;
        }

        return start switch
        {
            [(byte)'I', (byte)'I', var low, var high] => low + (high << 8),
            [(byte)'M', (byte)'M', var high, var low] => low + (high << 8),
            _ => 0,
        };
    }
}
