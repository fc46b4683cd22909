using BitMiracle.LibTiff.Classic;

namespace Klar.Formats.Lsm;

/// <summary>
/// An LSM file as LibTiff is to see it: of two channels Zeiss' programs write the place of the numbers of bits where
/// the numbers themselves would fit, and where every reader looks for them.
/// </summary>
internal sealed class LsmBits : TiffStream
{
    private const int BitsPerSample = 258;
    private const int Channels = 2;

    private readonly Dictionary<long, byte[]> _numbers;

    private LsmBits(Dictionary<long, byte[]> numbers) => _numbers = numbers;

    /// <summary>Null where the file says it as others do.</summary>
    public static LsmBits? Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        var numbers = new Dictionary<long, byte[]>();
        foreach (TiffHeader.Entry entry in TiffHeader.Entries(file).ToArray())
        {
            if (entry is not { Tag: BitsPerSample, Count: Channels } || IsBits((ushort)entry.Number))
            {
                continue;
            }

            ulong[] bits = TiffHeader.LongsAt(file, (long)entry.Number, 1);
            if (IsBits((ushort)bits[0]))
            {
                numbers[entry.ValueAt] = BitConverter.GetBytes((uint)bits[0]);
            }
        }

        return numbers.Count > 0 ? new LsmBits(numbers) : null;
    }

    public override int Read(object clientData, byte[] buffer, int offset, int count)
    {
        long at = ((Stream)clientData).Position;
        int read = base.Read(clientData, buffer, offset, count);
        foreach ((long place, byte[] bytes) in _numbers)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                if (place + i >= at && place + i < at + read)
                {
                    buffer[offset + (int)(place + i - at)] = bytes[i];
                }
            }
        }

        return read;
    }

    private static bool IsBits(ushort number) => number is 8 or 12 or 16 or 32;
}
