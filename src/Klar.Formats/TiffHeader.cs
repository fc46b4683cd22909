using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>The first bytes of a TIFF file.</summary>
internal static class TiffHeader
{
    private const int Classic = 42;
    private const int Big = 43;
    private const int StripOffsets = 273;
    private const int StripByteCounts = 279;
    private const int ColourMap = 320;
    private const int Short = 3;
    private const int SmallColours = 3 * 256;

    /// <summary>A private tag under which LibTiff writes what it does not know as a look-up table.</summary>
    public const int StandIn = 65400;

    /// <summary>Whether it is a TIFF file, classic or big.</summary>
    public static bool Is(string path) => VersionOf(path) is Classic or Big;

    /// <summary>Whether its offsets have 64 bits.</summary>
    public static bool IsBig(string path) => VersionOf(path) == Big;

    /// <summary>
    /// Whether the directories lie in the file, each once, and so do the values of their tags. LibTiff believes a tag that announces gigabytes, and reserves them.
    /// </summary>
    /// <exception cref="BadImageFileException">A directory is announced that is not there: pages are missing.</exception>
    public static bool IsSane(string path)
    {
        using FileStream file = File.OpenRead(path);
        int page = -1;
        try
        {
            foreach (Entry entry in Entries(file))
            {
                page = entry.Page;
                if (entry.Count > (ulong)file.Length / SizeOf(entry.Type))
                {
                    return false;
                }
            }

            return true;
        }
        catch (EndOfStreamException) when (page >= 0)
        {
            throw new BadImageFileException($"truncated TIFF (page {page + 2} is missing)");
        }
        catch (Exception trouble) when (trouble is EndOfStreamException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Sets where the single strip of each page lies, and how long it is.</summary>
    /// <param name="file">A TIFF file with one strip a page.</param>
    /// <param name="offset">The strip's place by the page's number.</param>
    /// <param name="bytes">Its length.</param>
    public static void PointStrips(FileStream file, Func<int, long> offset, long bytes)
    {
        bool swapped = IsSwapped(file);
        Entry[] strips = [.. Entries(file).Where(static entry => entry.Tag is StripOffsets or StripByteCounts)];
        foreach (Entry entry in strips)
        {
            byte[] value = BitConverter.GetBytes(entry.Tag == StripOffsets ? offset(entry.Page) : bytes)[..(int)SizeOf(entry.Type)];
            if (swapped)
            {
                Array.Reverse(value);
            }

            file.Position = entry.ValueAt;
            file.Write(value);
        }
    }

    /// <summary>
    /// The look-up tables that ImageJ puts beside samples of 16 bits, by page: 3 x 256 numbers, where TIFF wants 3 x 65536 and LibTiff leaves the tag out.
    /// </summary>
    public static IReadOnlyDictionary<int, short[]> SmallColourMaps(string path)
    {
        using FileStream file = File.OpenRead(path);
        bool swapped = IsSwapped(file);
        Entry[] found = [.. Entries(file).Where(static entry => entry.Tag == ColourMap && entry.Type == Short && entry.Count == SmallColours)];
        var maps = new Dictionary<int, short[]>();
        foreach (Entry entry in found)
        {
            byte[] bytes = new byte[SmallColours * sizeof(short)];
            file.Position = (long)Number(file, OffsetSize(file), swapped, entry.ValueAt);
            file.ReadExactly(bytes);
            maps[entry.Page] = [.. MemoryMarshal.Cast<byte, short>(bytes).ToArray().Select(value => swapped ? BinaryPrimitives.ReverseEndianness(value) : value)];
        }

        return maps;
    }

    /// <summary>Gives <see cref="StandIn"/>, where a page has it, the tag that LibTiff does not write, and its place among the others, which are in order.</summary>
    public static void RenameStandIn(FileStream file)
    {
        bool swapped = IsSwapped(file);
        int head = 4 + OffsetSize(file), size = head + OffsetSize(file);
        foreach (IGrouping<int, Entry> page in Entries(file).ToArray().GroupBy(static entry => entry.Page).Where(static page => page.Any(static entry => entry.Tag == StandIn)))
        {
            var entries = new List<(int Tag, byte[] Bytes)>();
            foreach (Entry entry in page)
            {
                byte[] bytes = new byte[size];
                file.Position = entry.ValueAt - head;
                file.ReadExactly(bytes);
                int tag = entry.Tag == StandIn ? ColourMap : entry.Tag;
                (bytes[swapped ? 1 : 0], bytes[swapped ? 0 : 1]) = BitConverter.IsLittleEndian ? ((byte)tag, (byte)(tag >> 8)) : ((byte)(tag >> 8), (byte)tag);
                entries.Add((tag, bytes));
            }

            file.Position = page.First().ValueAt - head;
            foreach ((_, byte[] bytes) in entries.OrderBy(static entry => entry.Tag))
            {
                file.Write(bytes);
            }
        }
    }

    /// <summary>A tag of a page: its type, how many values it has, and where they stand if they fit there.</summary>
    private readonly record struct Entry(int Page, int Tag, int Type, ulong Count, long ValueAt);

    private static int OffsetSize(FileStream file) => (int)Number(file, 2, IsSwapped(file), 2) == Big ? 8 : 4;

    private static ulong Number(FileStream file, int bytes, bool swapped, long position)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        file.Position = position;
        file.ReadExactly(number[..bytes]);
        if (swapped)
        {
            number[..bytes].Reverse();
        }

        return BitConverter.ToUInt64(number);
    }

    private static bool IsSwapped(FileStream file)
    {
        file.Position = 0;
        return (file.ReadByte() == 'M') == BitConverter.IsLittleEndian;
    }

    /// <exception cref="EndOfStreamException">A directory lies outside of the file.</exception>
    /// <exception cref="InvalidDataException">A directory is there twice, or announces more tags than fit into the file.</exception>
    private static IEnumerable<Entry> Entries(FileStream file)
    {
        bool swapped = IsSwapped(file);
        ulong NumberAt(long position, int bytes) => Number(file, bytes, swapped, position);

        bool big = NumberAt(2, 2) == Big;
        (int offset, int counter, int size) = big ? (8, 8, 20) : (4, 2, 12);
        var seen = new HashSet<ulong>();
        for (ulong at = NumberAt(big ? 8 : 4, offset); at != 0; at = NumberAt(file.Position, offset))
        {
            if (at >= (ulong)file.Length)
            {
                throw new EndOfStreamException();
            }

            if (!seen.Add(at) || seen.Count > ushort.MaxValue)
            {
                throw new InvalidDataException("a directory is there twice");
            }

            ulong entries = NumberAt((long)at, counter);
            long first = (long)at + counter;
            if (entries == 0 || entries > (ulong)(file.Length / size))
            {
                throw new InvalidDataException("a directory has no usable number of tags");
            }

            for (long i = 0; i < (long)entries; i++)
            {
                long entry = first + (i * size);
                yield return new Entry(seen.Count - 1, (int)NumberAt(entry, 2), (int)NumberAt(entry + 2, 2), NumberAt(entry + 4, offset), entry + 4 + offset);
            }

            file.Position = first + ((long)entries * size);
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
