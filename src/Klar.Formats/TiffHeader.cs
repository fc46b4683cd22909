using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>The first bytes and the directories of a TIFF file, as bytes.</summary>
internal static class TiffHeader
{
    private const int Classic = 42;
    private const int Big = 43;
    private const int BitsPerSample = 258;
    private const int SampleFormatTag = 339;
    private const int StripOffsets = 273;
    private const int StripByteCounts = 279;
    private const int ColourMap = 320;
    private const int SubImages = 330;
    private const int Short = 3;
    private const int SmallColours = 3 * 256;

    /// <summary>A private tag under which LibTiff writes what it does not know as a look-up table.</summary>
    public const int StandIn = 65400;

    /// <summary>Whether it is a TIFF file, classic or big.</summary>
    public static bool Is(string path) => VersionOf(path) is Classic or Big;

    /// <summary>Whether its offsets have 64 bits.</summary>
    public static bool IsBig(string path) => VersionOf(path) == Big;

    /// <summary>Sets where the single strip of each page lies, and how long it is.</summary>
    /// <param name="file">A TIFF file with one strip a page.</param>
    /// <param name="offset">The strip's place by the page's number.</param>
    /// <param name="bytes">Its length.</param>
    public static void PointStrips(FileStream file, Func<int, long> offset, long bytes)
    {
        Entry[] strips = [.. Entries(file).Where(static entry => entry.Tag is StripOffsets or StripByteCounts)];
        foreach (Entry entry in strips)
        {
            long value = entry.Tag == StripOffsets ? offset(entry.Page) : bytes;
            Put(file, entry.ValueAt, (ulong)value, (int)SizeOf(entry.Type));
        }
    }

    /// <summary>A look-up table of 3 x 256 numbers whose place stands at <paramref name="valueAt"/>.</summary>
    public static short[] SmallColourMap(string path, long valueAt)
    {
        using FileStream file = File.OpenRead(path);
        bool swapped = IsSwapped(file);
        byte[] bytes = new byte[SmallColours * sizeof(short)];
        file.Position = (long)Number(file, OffsetSize(file), swapped, valueAt);
        file.ReadExactly(bytes);
        short[] colours = MemoryMarshal.Cast<byte, short>(bytes).ToArray();
        return swapped ? [.. colours.Select(BinaryPrimitives.ReverseEndianness)] : colours;
    }

    /// <summary>
    /// How the first page stores its samples, also where LibTiff does not read the file; null where it is no TIFF file,
    /// or damaged.
    /// </summary>
    public static StoredSamples? StoredSamplesOf(string path)
    {
        try
        {
            return Is(path) ? Stored(path) : null;
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            return null;
        }
    }

    private static StoredSamples Stored(string path)
    {
        using FileStream file = File.OpenRead(path);
        bool swapped = IsSwapped(file);
        int offset = OffsetSize(file);
        var found = new Dictionary<int, int> { [BitsPerSample] = 1, [SampleFormatTag] = (int)SampleFormat.UINT };
        foreach (Entry entry in Entries(file)
            .TakeWhile(static entry => entry.Page == 0)
            .Where(entry => found.ContainsKey(entry.Tag) && entry.Type == Short)
            .ToArray())
        {
            // As many as there are channels; behind each other where they do not fit here.
            bool here = entry.Count * sizeof(short) <= (ulong)offset;
            long valueAt = here ? entry.ValueAt : (long)Number(file, offset, swapped, entry.ValueAt);
            found[entry.Tag] = (int)Number(file, sizeof(short), swapped, valueAt);
        }

        return new StoredSamples(found[BitsPerSample], (SampleFormat)found[SampleFormatTag]);
    }

    /// <summary>
    /// Gives <see cref="StandIn"/> and that of sub-images, where a page has them, the tags that LibTiff does not write,
    /// and their places among the others, which are in order.
    /// </summary>
    public static void RenameStandIns(FileStream file)
    {
        bool swapped = IsSwapped(file);
        int head = 4 + OffsetSize(file), size = head + OffsetSize(file);
        IEnumerable<IGrouping<int, Entry>> pages = Entries(file).ToArray().GroupBy(static entry => entry.Page)
            .Where(static page => page.Any(static entry => entry.Tag is StandIn or TiffSubImages.StandIn));
        foreach (IGrouping<int, Entry> page in pages)
        {
            var entries = new List<(int Tag, byte[] Bytes)>();
            foreach (Entry entry in page)
            {
                byte[] bytes = new byte[size];
                file.Position = entry.ValueAt - head;
                file.ReadExactly(bytes);
                int tag = entry.Tag switch { StandIn => ColourMap, TiffSubImages.StandIn => SubImages, _ => entry.Tag };
                (bytes[swapped ? 1 : 0], bytes[swapped ? 0 : 1]) = BitConverter.IsLittleEndian ? (
                    (byte)tag, (byte)(tag >> 8)) : ((byte)(tag >> 8), (byte)tag);
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
    internal readonly record struct Entry(int Page, long DirectoryAt, int Tag, int Type, ulong Count, long ValueAt)
    {
        /// <summary>Its value where it has one that fits here; the place of its values where they do not.</summary>
        public ulong Number { get; init; }

        /// <summary>Whether it is a look-up table of 256 colours.</summary>
        public bool IsSmallColourMap => Tag == ColourMap && Type == Short && Count == SmallColours;
    }

    /// <summary>Bytes of an offset.</summary>
    internal static int OffsetSize(FileStream file) => (int)Number(file, 2, IsSwapped(file), 2) == Big ? 8 : 4;

    /// <summary>The offset that stands at a place.</summary>
    internal static long PlaceAt(FileStream file, long at) =>
        (long)Number(file, OffsetSize(file), IsSwapped(file), at);

    /// <summary>Writes a number in the file's byte order.</summary>
    internal static void Put(FileStream file, long at, ulong value, int bytes)
    {
        byte[] number = BitConverter.GetBytes(value)[..bytes];
        if (IsSwapped(file))
        {
            Array.Reverse(number);
        }

        file.Position = at;
        file.Write(number);
    }

    private static ulong Number(FileStream file, int bytes, bool swapped, long position)
    {
        Span<byte> number = stackalloc byte[bytes];
        file.Position = position;
        file.ReadExactly(number);
        return NumberOf(number, swapped);
    }

    private static bool IsSwapped(FileStream file)
    {
        file.Position = 0;
        return (file.ReadByte() == 'M') == BitConverter.IsLittleEndian;
    }

    /// <summary>The tags of all pages, directory by directory.</summary>
    /// <exception cref="EndOfStreamException">A directory lies outside of the file.</exception>
    /// <exception cref="InvalidDataException">A directory is there twice, or announces more tags than fit into the
    /// file.</exception>
    internal static IEnumerable<Entry> Entries(FileStream file)
    {
        bool swapped = IsSwapped(file);
        bool big = Number(file, 2, swapped, 2) == Big;
        var seen = new HashSet<ulong>();
        ulong at = Number(file, big ? 8 : 4, swapped, big ? 8 : 4);
        while (at != 0)
        {
            if (!seen.Add(at))
            {
                throw new InvalidDataException("a directory is there twice");
            }

            (Entry[] entries, at) = Directory(file, at, seen.Count - 1, swapped, big);
            foreach (Entry entry in entries)
            {
                yield return entry;
            }
        }
    }

    /// <summary>The tags of the directory at a place, which need not be a page's.</summary>
    /// <exception cref="EndOfStreamException">It lies outside of the file.</exception>
    /// <exception cref="InvalidDataException">It announces more tags than fit into the file.</exception>
    internal static Entry[] DirectoryAt(FileStream file, long at)
    {
        bool swapped = IsSwapped(file);
        return Directory(file, (ulong)at, 0, swapped, Number(file, 2, swapped, 2) == Big).Entries;
    }

    /// <summary>The whole numbers that a tag has, at most so many.</summary>
    /// <exception cref="EndOfStreamException">They lie outside of the file.</exception>
    internal static ulong[] NumbersOf(FileStream file, Entry entry, int most)
    {
        bool swapped = IsSwapped(file);
        int size = (int)SizeOf(entry.Type), count = (int)Math.Min(entry.Count, (ulong)most), offset = OffsetSize(file);
        bool here = entry.Count * (ulong)size <= (ulong)offset;
        long at = here ? entry.ValueAt : (long)Number(file, offset, swapped, entry.ValueAt);
        return at < 0
            ? throw new EndOfStreamException()
            : [.. Enumerable.Range(0, count).Select(i => Number(file, size, swapped, at + ((long)i * size)))];
    }

    private static (Entry[] Entries, ulong Next) Directory(FileStream file, ulong at, int page, bool swapped, bool big)
    {
        (int offset, int counter, int size) = big ? (8, 8, 20) : (4, 2, 12);
        if (at >= (ulong)file.Length)
        {
            throw new EndOfStreamException();
        }

        ulong count = Number(file, counter, swapped, (long)at);
        if (count is 0 or > ushort.MaxValue || count > (ulong)(file.Length / size))
        {
            throw new InvalidDataException("a directory has no usable number of tags");
        }

        // Read at once, with the link to the next one behind it: there may be very many.
        long first = (long)at + counter;
        byte[] directory = new byte[((int)count * size) + offset];
        file.Position = first;
        file.ReadExactly(directory);
        var entries = new Entry[count];
        for (int i = 0; i < entries.Length; i++)
        {
            ulong Part(int from, int bytes) => NumberOf(directory.AsSpan((i * size) + from, bytes), swapped);
            int type = (int)Part(2, 2);
            int inlined = Part(4, offset) == 1 ? Math.Min(offset, (int)SizeOf(type)) : offset;
            entries[i] = new Entry(
                page, (long)at, (int)Part(0, 2), type, Part(4, offset), first + (i * size) + 4 + offset)
            {
                Number = Part(4 + offset, inlined),
            };
        }

        return (entries, NumberOf(directory.AsSpan((int)count * size), swapped));
    }

    /// <summary>The bytes of a tag's values, which have one each.</summary>
    /// <exception cref="EndOfStreamException">They lie outside of the file.</exception>
    internal static byte[] BytesOf(FileStream file, Entry tag)
    {
        long at = tag.Count <= (ulong)OffsetSize(file) ? tag.ValueAt : PlaceAt(file, tag.ValueAt);
        if (at < 0 || tag.Count > (ulong)file.Length || at > file.Length - (long)tag.Count)
        {
            throw new EndOfStreamException();
        }

        byte[] bytes = new byte[tag.Count];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>So many 32-bit numbers from the place that a tag's value is, whatever its count says.</summary>
    /// <exception cref="EndOfStreamException">They lie outside of the file.</exception>
    internal static ulong[] LongsAt(FileStream file, Entry tag, int count) =>
        LongsAt(file, PlaceAt(file, tag.ValueAt), count);

    /// <summary>So many 32-bit numbers from a place.</summary>
    /// <exception cref="EndOfStreamException">They lie outside of the file.</exception>
    internal static ulong[] LongsAt(FileStream file, long at, int count)
    {
        bool swapped = IsSwapped(file);
        if (at < 0 || at > file.Length - ((long)count * sizeof(int)))
        {
            throw new EndOfStreamException();
        }

        byte[] bytes = new byte[count * sizeof(int)];
        file.Position = at;
        file.ReadExactly(bytes);
        ulong At(int i) => NumberOf(bytes.AsSpan(i * sizeof(int), sizeof(int)), swapped);
        return [.. Enumerable.Range(0, count).Select(At)];
    }

    /// <summary>Bytes of a value of TIFF's types 1 to 18.</summary>
    internal static ulong SizeOf(int type) => type switch
    {
        3 or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        5 or 10 or 12 or 16 or 17 or 18 => 8,
        _ => 1,
    };

    private static ulong NumberOf(ReadOnlySpan<byte> bytes, bool swapped)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        bytes.CopyTo(number);
        if (swapped)
        {
            number[..bytes.Length].Reverse();
        }

        return BitConverter.ToUInt64(number);
    }

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
