using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.Lif;

/// <summary>The blocks of a LIF file: the XML that describes its images, then the memory of each.</summary>
/// <remarks>
/// Leica Image File Format as LAS AF and LAS X write it. Numbers begin with their low byte, texts are UTF-16.
/// <code>
/// header            memory block
/// int32  0x70       int32  0x70
/// int32  bytes      int32  bytes of the next fields
/// byte   0x2A       byte   0x2A
/// int32  letters    int64  bytes of memory (int32 in version 1)
///        the XML    byte   0x2A
///                   int32  letters
///                          its name (MemoryBlockID), then the memory
/// </code>
/// </remarks>
internal sealed class LifBlocks
{
    private const int Magic = 0x70;
    private const byte Mark = 0x2A;
    private const int HeaderBytes = 13;
    private const int MaxName = 1024;

    private readonly Dictionary<string, (long At, long Bytes)> _memory = [];

    /// <exception cref="BadImageFileException">The header is damaged.</exception>
    public LifBlocks(FileBytes file)
    {
        int letters = BinaryPrimitives.ReadInt32LittleEndian(file.Read(9, sizeof(int)));
        Root = HeaderXml.Parse(Encoding.Unicode.GetString(file.Read(HeaderBytes, 2L * Math.Max(0, letters))))
            ?? throw new BadImageFileException("damaged: the XML in its header cannot be read");
        bool longSizes = Root.DescendantsAndSelf("LMSDataContainerHeader").FirstOrDefault()?.Integer("Version", 2) != 1;
        long at = HeaderBytes + (2L * letters);
        while (Block(file, at, longSizes) is var (name, memoryAt, bytes))
        {
            _memory[name] = (memoryAt, bytes);
            at = memoryAt + bytes;
        }
    }

    /// <summary>The XML.</summary>
    public XElement Root { get; }

    /// <summary>Whether these are the first bytes of such a file.</summary>
    public static bool Begin(ReadOnlySpan<byte> head) =>
        head.Length > HeaderBytes + 1 && BinaryPrimitives.ReadInt32LittleEndian(head) == Magic && head[8] == Mark
        && head[HeaderBytes] == '<' && head[HeaderBytes + 1] == 0;

    /// <summary>Where a memory block lies, and its bytes; null where the file does not have it.</summary>
    public (long At, long Bytes)? Memory(string name) =>
        _memory.TryGetValue(name, out (long At, long Bytes) place) ? place : null;

    /// <summary>The next block; null at the file's end, or where there is no block.</summary>
    private static (string Name, long At, long Bytes)? Block(FileBytes file, long at, bool longSizes)
    {
        int sizeBytes = longSizes ? sizeof(long) : sizeof(int), headBytes = 9 + sizeBytes + 1 + sizeof(int);
        if (!file.Has(at, headBytes))
        {
            return null;
        }

        byte[] head = file.Read(at, headBytes);
        long bytes = longSizes
            ? BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(9))
            : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(9));
        int letters = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(headBytes - sizeof(int)));
        bool sound = BinaryPrimitives.ReadInt32LittleEndian(head) == Magic && head[8] == Mark
            && head[9 + sizeBytes] == Mark && bytes >= 0 && bytes <= long.MaxValue / 2 && letters is >= 0 and <= MaxName
            && file.Has(at + headBytes, 2L * letters);
        if (!sound)
        {
            return null;
        }

        byte[] name = file.Read(at + headBytes, 2L * letters);
        return (Encoding.Unicode.GetString(name), at + headBytes + name.Length, bytes);
    }
}
