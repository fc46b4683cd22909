using System.Buffers.Binary;
using System.Text;
using Klar.Formats.Containers;

namespace Klar.Formats.Lsm;

/// <summary>What Zeiss' confocals write about an image into a private tag of its TIFF file.</summary>
/// <remarks>
/// CZ_LSMINFO of the LSM file format, release 6. Numbers begin with their low byte; lengths are metres, times seconds.
/// <code>
/// 0   magic number      40, 48, 56  voxel sizes x, y, z      112  time interval
/// 8   x y z c t         108         place of the colours     132  place of the time stamps
/// </code>
/// </remarks>
internal sealed class LsmInfo
{
    /// <summary>The tag.</summary>
    public const int Tag = 34412;

    private const int Bytes = 136;
    private const int MaxStamps = 1 << 20;
    private const int MaxNames = 1 << 16;
    private static readonly int[] Magic = [0x00300494C, 0x00400494C];

    private readonly FileBytes _file;
    private readonly byte[] _info;

    private LsmInfo(FileBytes file, byte[] info) => (_file, _info) = (file, info);

    /// <summary>Slices, channels and frames.</summary>
    public (int Z, int C, int T) Sizes => (Number(16), Number(20), Number(24));

    /// <summary>The distances of samples.</summary>
    public PixelSize PixelSize => new(Micrometres(40), Micrometres(48), Micrometres(56));

    /// <summary>The time from frame to frame; that of the first two where it is not stated.</summary>
    public double? FrameSeconds => Containers.PixelSize.Usable(Real(112))
        ?? (TimeStamps is [var first, var second, ..] ? Containers.PixelSize.Usable(second - first) : null);

    /// <summary>When frames were taken, in seconds from the first one.</summary>
    public double[] TimeStamps
    {
        get
        {
            if (Number(132) is not (> 0 and int at) || !_file.Has(at, 2 * sizeof(int)))
            {
                return [];
            }

            int count = BinaryPrimitives.ReadInt32LittleEndian(_file.Read(at + sizeof(int), sizeof(int)));
            if (count is <= 0 or > MaxStamps || !_file.Has(at + (2 * sizeof(int)), count * sizeof(double)))
            {
                return [];
            }

            byte[] stamps = _file.Read(at + (2 * sizeof(int)), count * sizeof(double));
            double[] all =
            [
                .. Enumerable.Range(0, count)
                    .Select(i => BinaryPrimitives.ReadDoubleLittleEndian(stamps.AsSpan(i * sizeof(double)))),
            ];
            return Array.TrueForAll(all, double.IsFinite) ? [.. all.Select(stamp => stamp - all[0])] : [];
        }
    }

    /// <summary>Whether the tag of a file leads to it.</summary>
    public static bool Is(string path, TiffHeader.Entry tag)
    {
        using var file = new FileBytes(path);
        return tag.Number <= long.MaxValue && Of(file, (long)tag.Number) is not null;
    }

    /// <summary>Of the place where a tag's value stands; null where it is none.</summary>
    public static LsmInfo? Of(FileBytes file, long at)
    {
        byte[] info = file.Has(at, Bytes) ? file.Read(at, Bytes) : [];
        return info.Length > 0 && Magic.Contains(BinaryPrimitives.ReadInt32LittleEndian(info))
            ? new LsmInfo(file, info)
            : null;
    }

    /// <summary>The channels' names and colours.</summary>
    /// <param name="count">How many there are.</param>
    public ImageChannel[] Channels(int count)
    {
        var channels = new ImageChannel[count];
        Array.Fill(channels, new ImageChannel());
        if (Number(108) is not (> 0 and int at) || !_file.Has(at, 6 * sizeof(int)))
        {
            return channels;
        }

        // Size of the block, colours, names, place of the colours, place of the names, which count from its beginning.
        byte[] head = _file.Read(at, 6 * sizeof(int));
        int Word(int i) => BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(i * sizeof(int)));
        string[] names = Names((long)at + Word(4), Word(2), Word(0) - Word(4));
        for (int c = 0; c < count; c++)
        {
            long colourAt = (long)at + Word(3) + ((long)c * sizeof(int));
            bool hasColour = c < Word(1) && Word(3) > 0 && _file.Has(colourAt, sizeof(int));
            byte[] colour = hasColour ? _file.Read(colourAt, sizeof(int)) : [];
            channels[c] = new ImageChannel
            {
                Name = c < names.Length && names[c].Length > 0 ? names[c] : null,
                Colour = hasColour ? (colour[0], colour[1], colour[2]) : null,
            };
        }

        return channels;
    }

    /// <summary>Texts that end with a zero, each behind its length or not.</summary>
    private string[] Names(long at, int count, int bytes)
    {
        var names = new List<string>();
        byte[] text = bytes is > 0 and <= MaxNames && _file.Has(at, bytes) ? _file.Read(at, bytes) : [];
        for (int i = 0; names.Count < count && i < text.Length;)
        {
            ReadOnlySpan<byte> rest = text.AsSpan(i);
            int length = rest.Length > sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(rest) : 0;
            if (length > 0 && length <= rest.Length - sizeof(int) && rest[sizeof(int) + length - 1] == 0)
            {
                names.Add(Encoding.Latin1.GetString(rest.Slice(sizeof(int), length - 1)).TrimEnd('\0'));
                i += sizeof(int) + length;
                continue;
            }

            int end = rest.IndexOf((byte)0) is >= 0 and int found ? found : rest.Length;
            names.Add(Encoding.Latin1.GetString(rest[..end]));
            i += end + 1;
        }

        return [.. names];
    }

    private int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(_info.AsSpan(at));

    private double Real(int at) => BinaryPrimitives.ReadDoubleLittleEndian(_info.AsSpan(at));

    private double? Micrometres(int at) => Containers.PixelSize.Usable(Real(at) * 1e6);
}
