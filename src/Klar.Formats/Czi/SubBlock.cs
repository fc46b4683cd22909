using System.Buffers.Binary;
using System.Text;

namespace Klar.Formats.Czi;

/// <summary>
/// A tile of the file: a rectangle of one channel, slice and frame, as the directory lists it (DirectoryEntryDV).
/// </summary>
/// <remarks>
/// <code>
/// offset  field                    offset  field of a dimension (20 bytes each)
/// 0       "DV"                     0       name, 4 letters
/// 2       PixelType                4       Start
/// 6       FilePosition             8       Size
/// 14      FilePart                 12      StartCoordinate
/// 18      Compression              16      StoredSize
/// 22      PyramidType, 5 spare
/// 28      DimensionCount
/// </code>
/// </remarks>
internal sealed record SubBlock
{
    /// <summary>Bytes of an entry without its dimensions.</summary>
    public const int EntryBytes = 32;

    private const int DimensionBytes = 20;

    private SubBlock()
    {
    }

    /// <summary>How a pixel is stored.</summary>
    public CziPixelType PixelType { get; private init; }

    /// <summary>How the pixels are compressed.</summary>
    public CziCompression Compression { get; private init; }

    /// <summary>Where its segment begins.</summary>
    public long Position { get; private init; }

    /// <summary>The file of a set that holds it; 0 for this one.</summary>
    public int FilePart { get; private init; }

    /// <summary>Bytes of its entry.</summary>
    public int Bytes { get; private init; }

    /// <summary>Whether it is a smaller copy of other tiles.</summary>
    public bool IsReduced { get; private init; }

    /// <summary>The rectangle's left edge in the plane of all tiles.</summary>
    public int X { get; private init; }

    /// <summary>Its upper edge.</summary>
    public int Y { get; private init; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; private init; }

    /// <summary>Rows.</summary>
    public int Height { get; private init; }

    /// <summary>Channel.</summary>
    public int C { get; private init; }

    /// <summary>Slice.</summary>
    public int Z { get; private init; }

    /// <summary>Frame.</summary>
    public int T { get; private init; }

    /// <summary>The place in the mosaic, by which tiles are painted over each other.</summary>
    public int M { get; private init; }

    /// <summary>Scene.</summary>
    public int S { get; private init; }

    /// <summary>View, phase, illumination, rotation and block, by which images of a file differ: "V=1 H=2".</summary>
    public string Other { get; private init; } = string.Empty;

    /// <summary>Sample type, channels and transparency.</summary>
    public (SampleType Type, int Channels, bool HasAlpha) Kind => CziPixels.KindOf(PixelType)
        ?? throw new BadImageFileException($"its pixels are {PixelType}, which Klar does not read");

    /// <summary>Bytes of its pixels, decompressed.</summary>
    public long PixelBytes => (long)Width * Height * Kind.Channels * ImageFile.SizeOf(Kind.Type);

    /// <summary>Reads an entry of the directory.</summary>
    /// <param name="entry">Bytes from its beginning on.</param>
    public static SubBlock Read(ReadOnlySpan<byte> entry)
    {
        int dimensions = BinaryPrimitives.ReadInt32LittleEndian(entry[28..]);
        if (!entry.StartsWith("DV"u8) || dimensions < 0 || dimensions > (entry.Length - EntryBytes) / DimensionBytes)
        {
            throw new BadImageFileException("damaged: an entry of its directory makes no sense");
        }

        var block = new SubBlock
        {
            PixelType = (CziPixelType)BinaryPrimitives.ReadInt32LittleEndian(entry[2..]),
            Position = BinaryPrimitives.ReadInt64LittleEndian(entry[6..]),
            FilePart = BinaryPrimitives.ReadInt32LittleEndian(entry[14..]),
            Compression = (CziCompression)BinaryPrimitives.ReadInt32LittleEndian(entry[18..]),
            IsReduced = entry[22] != 0,
            Bytes = EntryBytes + (dimensions * DimensionBytes),
        };
        for (int i = 0; i < dimensions; i++)
        {
            block = block.With(entry.Slice(EntryBytes + (i * DimensionBytes), DimensionBytes));
        }

        return block;
    }

    private SubBlock With(ReadOnlySpan<byte> dimension)
    {
        string name = Encoding.ASCII.GetString(dimension[..4]).TrimEnd('\0', ' ');
        int start = BinaryPrimitives.ReadInt32LittleEndian(dimension[4..]);
        int size = BinaryPrimitives.ReadInt32LittleEndian(dimension[8..]);
        int stored = BinaryPrimitives.ReadInt32LittleEndian(dimension[16..]);
        bool reduced = IsReduced || (name is "X" or "Y" && stored != 0 && stored != size);
        return name switch
        {
            "X" => this with { X = start, Width = size, IsReduced = reduced },
            "Y" => this with { Y = start, Height = size, IsReduced = reduced },
            "C" => this with { C = start },
            "Z" => this with { Z = start },
            "T" => this with { T = start },
            "M" => this with { M = start },
            "S" => this with { S = start },
            _ when start != 0 => this with { Other = $"{Other} {name}={start}".TrimStart() },
            _ => this,
        };
    }
}
