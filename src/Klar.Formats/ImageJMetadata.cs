using System.Buffers.Binary;

namespace Klar.Formats;

/// <summary>
/// ImageJ's metadata of a stack, in the private tags 50838 (how many bytes each value has) and 50839 (a list of kinds,
/// then the values): a label for each page, a display range and a look-up table for each channel, overlays, and text.
/// Numbers have the file's byte order.
/// </summary>
internal sealed class ImageJMetadata
{
    private const int HeadOfList = 4;
    private const int Kind = 8;
    private const int Colours = 3 * 256;

    private readonly List<(string Kind, List<byte[]> Values)> _kinds;
    private readonly bool _bigEndian;

    private ImageJMetadata(List<(string Kind, List<byte[]> Values)> kinds, bool bigEndian) =>
        (_kinds, _bigEndian) = (kinds, bigEndian);

    /// <summary>From the tags; null where they do not make sense.</summary>
    public static ImageJMetadata? Of(IReadOnlyList<int> counts, byte[] data, bool bigEndian)
    {
        if (counts.Count == 0 || counts[0] < HeadOfList + Kind || counts[0] > data.Length
            || Letters(data, bigEndian) != "IJIJ")
        {
            return null;
        }

        var kinds = new List<(string, List<byte[]>)>();
        int at = counts[0], next = 1;
        for (int i = HeadOfList; i + Kind <= counts[0]; i += Kind)
        {
            var values = new List<byte[]>();
            int many = Int(data.AsSpan(i + 4), bigEndian);
            for (int value = 0; value < many; value++, next++)
            {
                if (next >= counts.Count || counts[next] < 0 || counts[next] > data.Length - at)
                {
                    return null;
                }

                values.Add(data[at..(at + counts[next])]);
                at += counts[next];
            }

            kinds.Add((Letters(data.AsSpan(i), bigEndian), values));
        }

        return new ImageJMetadata(kinds, bigEndian);
    }

    /// <summary>The values of the two tags.</summary>
    public (int[] Counts, byte[] Data) Tags
    {
        get
        {
            var data = new List<byte>(Bytes("IJIJ"));
            foreach ((string kind, List<byte[]> values) in _kinds)
            {
                byte[] many = new byte[4];
                Write(many, values.Count, _bigEndian);
                data.AddRange([.. Bytes(kind), .. many]);
            }

            byte[][] all = [.. _kinds.SelectMany(static kind => kind.Values)];
            int[] counts = [data.Count, .. all.Select(static value => value.Length)];
            return (counts, [.. data, .. all.SelectMany(static value => value)]);
        }
    }

    /// <summary>The display range of the first channel; null where there is none.</summary>
    public (double Least, double Most)? Range =>
        Values("rang") is [{ Length: >= 16 } ranges] ? (Double(ranges, 0), Double(ranges, 1)) : null;

    /// <summary>
    /// The look-up table of the first channel: 256 reds, greens and blues of 16 bits; null where there is none.
    /// </summary>
    public short[]? LookUpTable => Values("luts") is [{ Length: Colours } table, ..]
        ? [.. table.Select(static value => (short)(ushort)(257 * value))]
        : null;

    /// <summary>What holds of the pages that are kept.</summary>
    public ImageJMetadata Of(KeptPages kept)
    {
        IReadOnlyList<int> channels = kept.Places('C');
        int all = kept.Axes.SizeOf('C');
        var kinds = new List<(string, List<byte[]>)>();
        foreach ((string kind, List<byte[]> values) in _kinds)
        {
            List<byte[]> left = kind switch
            {
                "labl" when values.Count == kept.Axes.Pages => [.. kept.Pages.Select(page => values[page])],
                "luts" when values.Count == all => [.. channels.Select(channel => values[channel])],
                "rang" when values is [var ranges] && ranges.Length == 16 * all =>
                    [[.. channels.SelectMany(channel => ranges.Skip(16 * channel).Take(16))]],
                "over" => [.. values.Select(value => ImageJOverlay.Of(value, kept)).OfType<byte[]>()],
                _ => values,
            };
            if (left.Count > 0)
            {
                kinds.Add((kind, left));
            }
        }

        return new ImageJMetadata(kinds, _bigEndian);
    }

    private List<byte[]>? Values(string kind) => _kinds.Find(one => one.Kind == kind).Values;

    private double Double(byte[] values, int number)
    {
        ReadOnlySpan<byte> bytes = values.AsSpan(8 * number);
        return _bigEndian
            ? BinaryPrimitives.ReadDoubleBigEndian(bytes)
            : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    private byte[] Bytes(string letters)
    {
        byte[] bytes = [.. letters.Select(static letter => (byte)letter)];
        return _bigEndian ? bytes : [.. bytes.Reverse()];
    }

    /// <summary>Four letters, which are a number to ImageJ.</summary>
    private static string Letters(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? new string([(char)bytes[0], (char)bytes[1], (char)bytes[2], (char)bytes[3]])
        : new string([(char)bytes[3], (char)bytes[2], (char)bytes[1], (char)bytes[0]]);

    private static int Int(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private static void Write(Span<byte> bytes, int number, bool bigEndian)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        }
    }
}
