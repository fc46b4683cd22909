using System.Buffers.Binary;
using System.Text;
using Klar.Formats.Containers;

namespace Klar.Formats.Czi;

/// <summary>
/// The segments of a CZI file (ZISRAW): a name of 16 letters, the bytes it takes, the bytes it uses, and its data.
/// </summary>
/// <remarks>
/// Carl Zeiss Microscopy, ZISRAW (CZI) File Format, design specification, version 1.2.2. Numbers begin with their low
/// byte.
/// <code>
/// ZISRAWFILE        ZISRAWDIRECTORY      ZISRAWSUBBLOCK                   ZISRAWMETADATA
/// 52 directory at   0   entries          0  bytes of metadata             0   bytes of XML
/// 60 metadata at    128 the entries      4  bytes of attachments          256 the XML
///                                        8  bytes of pixels
///                                        16 an entry as in the directory
///                                        metadata behind it, from 256 on at the earliest; then the pixels
/// </code>
/// </remarks>
internal sealed class CziSegments(FileBytes file)
{
    private const int HeadBytes = 32;
    private const int FileHead = 80;
    private const int DirectoryHead = 128;
    private const int MaxEntry = 1024;
    private const int SubBlockHead = 16;
    private const int SubBlockFixed = 256;
    private const int MetadataHead = 256;

    /// <summary>Whether these are the first bytes of such a file.</summary>
    public static bool Begin(ReadOnlySpan<byte> head) => head.StartsWith("ZISRAWFILE\0"u8);

    /// <summary>The tiles, in the order of the directory.</summary>
    public IReadOnlyList<SubBlock> SubBlocks()
    {
        long at = Header(52);
        if (at == 0)
        {
            throw new BadImageFileException("it has no directory of its tiles: its recording was not finished");
        }

        long bytes = DataBytes(at, "ZISRAWDIRECTORY");
        int count = BinaryPrimitives.ReadInt32LittleEndian(file.Read(at + HeadBytes, sizeof(int)));
        if (count < 0 || (long)count * SubBlock.EntryBytes > bytes - DirectoryHead)
        {
            throw new BadImageFileException("damaged: its directory is shorter than it says");
        }

        long entriesBytes = Math.Min(bytes - DirectoryHead, (long)count * MaxEntry);
        byte[] entries = file.Read(at + HeadBytes + DirectoryHead, entriesBytes);
        var blocks = new List<SubBlock>(count);
        for (int i = 0, from = 0; i < count; i++, from += blocks[^1].Bytes)
        {
            blocks.Add(SubBlock.Read(entries.AsSpan(from)));
        }

        return blocks;
    }

    /// <summary>The XML that describes the file; empty where there is none.</summary>
    public string Metadata()
    {
        long at = Header(60);
        if (at == 0)
        {
            return string.Empty;
        }

        long bytes = DataBytes(at, "ZISRAWMETADATA");
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.Read(at + HeadBytes, sizeof(int)));
        return length < 0 || length > bytes - MetadataHead
            ? throw new BadImageFileException("damaged: its metadata is shorter than it says")
            : Encoding.UTF8.GetString(file.Read(at + HeadBytes + MetadataHead, length));
    }

    /// <summary>The pixels of a tile as they are stored.</summary>
    public byte[] Pixels(SubBlock block)
    {
        _ = DataBytes(block.Position, "ZISRAWSUBBLOCK");
        long data = block.Position + HeadBytes;
        byte[] head = file.Read(data, SubBlockHead + SubBlock.EntryBytes);
        int metadata = BinaryPrimitives.ReadInt32LittleEndian(head);
        long pixels = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8));

        // The entry may have other dimensions than that of the directory.
        int entry = SubBlockHead + SubBlock.Read(file.Read(data + SubBlockHead, EntryRoom(data))).Bytes;
        if (metadata < 0 || pixels < 0)
        {
            throw new BadImageFileException("damaged: a tile's header makes no sense");
        }

        // No compression makes pixels much larger; what a damaged length says beyond that is not read.
        long useful = block.Compression == CziCompression.None ? block.PixelBytes : (2 * block.PixelBytes) + (1 << 16);
        return file.Read(data + Math.Max(SubBlockFixed, entry) + metadata, Math.Min(pixels, useful));
    }

    private long EntryRoom(long data) => Math.Min(MaxEntry, file.Length - data - SubBlockHead);

    private long Header(int field) =>
        BinaryPrimitives.ReadInt64LittleEndian(file.Read(HeadBytes, FileHead).AsSpan(field));

    /// <summary>Bytes that a segment uses, where it has the name that is expected and lies within the file.</summary>
    private long DataBytes(long at, string name)
    {
        byte[] head = file.Read(at, HeadBytes);
        string found = Encoding.ASCII.GetString(head, 0, 16).TrimEnd('\0');
        long allocated = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(16));
        long used = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(24));
        long bytes = used == 0 ? allocated : used;
        if (found != name)
        {
            throw new BadImageFileException($"damaged: it has no {name} where one should be");
        }

        return file.Has(at + HeadBytes, bytes)
            ? bytes
            : throw new BadImageFileException("truncated or damaged: a part of it reaches beyond its end");
    }
}
