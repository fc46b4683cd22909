using System.Text;

namespace Klar.Formats.Tests.Containers;

/// <summary>CZI files as the specification describes them.</summary>
internal sealed class CziBytes
{
    private readonly List<(byte[] Entry, byte[] Pixels)> _blocks = [];

    /// <summary>The XML; null for none.</summary>
    public string? Xml { get; init; }

    /// <summary>Adds a tile.</summary>
    /// <param name="pixelType">The number of its pixel type.</param>
    /// <param name="compression">The number of its compression.</param>
    /// <param name="pixels">Its pixels as they are stored.</param>
    /// <param name="dimensions">Its dimensions; a stored size only where it differs from the size.</param>
    public CziBytes Tile(
        int pixelType,
        int compression,
        byte[] pixels,
        params (string Name, int Start, int Size, int? Stored)[] dimensions)
    {
        using var bytes = new MemoryStream();
        using var entry = new BinaryWriter(bytes);
        entry.Write("DV"u8);
        entry.Write(pixelType);
        entry.Write(0L);
        entry.Write(0);
        entry.Write(compression);
        entry.Write(0L);
        bytes.Position = 28;
        entry.Write(dimensions.Length);
        foreach ((string name, int start, int size, int? stored) in dimensions)
        {
            entry.Write(Encoding.ASCII.GetBytes(name.PadRight(4, '\0')));
            entry.Write(start);
            entry.Write(size);
            entry.Write((float)start);
            entry.Write(stored ?? size);
        }

        _blocks.Add((bytes.ToArray(), pixels));
        return this;
    }

    /// <summary>Adds an uncompressed gray tile of 8 bits with one value.</summary>
    public CziBytes Gray(byte value, int x, int y, int width, int height, params (string Name, int Start)[] places)
    {
        byte[] pixels = [.. Enumerable.Repeat(value, width * height)];
        (string, int, int, int?)[] dimensions =
        [
            ("X", x, width, null),
            ("Y", y, height, null),
            .. places.Select(static place => (place.Name, place.Start, 1, (int?)null)),
        ];
        return Tile(0, 0, pixels, dimensions);
    }

    /// <summary>The file.</summary>
    public byte[] Bytes()
    {
        using var bytes = new MemoryStream();
        using var file = new BinaryWriter(bytes);
        Segment(file, "ZISRAWFILE", new byte[512]);
        var positions = new List<long>();
        foreach ((byte[] entry, byte[] pixels) in _blocks)
        {
            positions.Add(bytes.Position);
            byte[] data = new byte[Math.Max(256, 16 + entry.Length) + 5 + pixels.Length];
            BitConverter.GetBytes(5).CopyTo(data, 0);
            BitConverter.GetBytes((long)pixels.Length).CopyTo(data, 8);
            entry.CopyTo(data, 16);
            pixels.CopyTo(data, data.Length - pixels.Length);
            Segment(file, "ZISRAWSUBBLOCK", data);
        }

        long directory = bytes.Position;
        byte[] head = new byte[128];
        BitConverter.GetBytes(_blocks.Count).CopyTo(head, 0);
        byte[][] entries = [.. _blocks.Select((block, i) => Placed(block.Entry, positions[i]))];
        Segment(file, "ZISRAWDIRECTORY", [.. head, .. entries.SelectMany(static entry => entry)]);
        long metadata = Xml is null ? 0 : bytes.Position;
        if (Xml is not null)
        {
            byte[] xml = Encoding.UTF8.GetBytes(Xml), before = new byte[256];
            BitConverter.GetBytes(xml.Length).CopyTo(before, 0);
            Segment(file, "ZISRAWMETADATA", [.. before, .. xml]);
        }

        bytes.Position = 32 + 52;
        file.Write(directory);
        file.Write(metadata);
        return bytes.ToArray();
    }

    private static byte[] Placed(byte[] entry, long position)
    {
        byte[] placed = [.. entry];
        BitConverter.GetBytes(position).CopyTo(placed, 6);
        return placed;
    }

    private static void Segment(BinaryWriter file, string name, byte[] data)
    {
        file.Write(Encoding.ASCII.GetBytes(name.PadRight(16, '\0')));
        file.Write((long)data.Length);
        file.Write((long)data.Length);
        file.Write(data);
    }
}
