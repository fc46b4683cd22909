using System.Buffers.Binary;
using System.Text;
using Klar.Formats;

namespace Klar.Cli.Viewing;

/// <summary>Pages of 16 bits as a TIFF file that ImageJ opens as a hyperstack.</summary>
internal static class SampleFile
{
    private const double PixelsOfMicrometre = 6.25; // 0.16 µm a pixel

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<Image> pages, int channels, int slices)
    {
        string description = $"ImageJ=1.53t\nimages={pages.Count}\nchannels={channels}\nslices={slices}\n"
            + $"hyperstack={(pages.Count > 1 ? "true" : "false")}\nunit=micron\nspacing=0.5\nmode=composite\n";
        AtomicFile.Write(path, unfinished =>
        {
            using FileStream file = File.Create(unfinished);
            file.Write([(byte)'I', (byte)'I', 42, 0]);
            byte[] text = Encoding.ASCII.GetBytes(description + "\0");
            long link = file.Position;
            file.Write(new byte[4]);
            foreach (Image page in pages)
            {
                link = WritePage(file, page, text, link);
            }
        });
    }

    /// <summary>
    /// Samples, description and resolution, and the directory that points to them; where the next page's link goes.
    /// </summary>
    private static long WritePage(FileStream file, Image page, byte[] text, long link)
    {
        byte[] samples = Samples(page);
        uint data = Appended(file, samples), words = Appended(file, text), resolution = Appended(file, Resolution());
        file.Position += file.Position % 2; // directories begin on a word
        uint directory = (uint)file.Position;
        (ushort Tag, ushort Type, uint Count, uint Value)[] entries =
        [
            (256, 4, 1, (uint)page.Width), (
                257, 4, 1, (uint)page.Height), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1),
            (270, 2, (uint)text.Length, words), (273, 4, 1, data), (277, 3, 1, 1), (278, 4, 1, (uint)page.Height),
            (279, 4, 1, (uint)samples.Length), (282, 5, 1, resolution), (283, 5, 1, resolution), (296, 3, 1, 1),
        ];
        byte[] bytes = new byte[2 + (12 * entries.Length) + 4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(2 + (12 * i), 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], entries[i].Count);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[i].Value);
        }

        file.Write(bytes);
        long end = file.Position;
        file.Position = link;
        byte[] here = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(here, directory);
        file.Write(here);
        file.Position = end;
        return end - 4;
    }

    private static byte[] Samples(Image page)
    {
        byte[] bytes = new byte[2 * page.Width * page.Height];
        for (int i = 0; i < bytes.Length / 2; i++)
        {
            double level = page.Scale.Black + (page.Planes[0].Samples[i] * (page.Scale.White - page.Scale.Black));
            BinaryPrimitives.WriteUInt16LittleEndian(
                bytes.AsSpan(2 * i), (ushort)Math.Clamp(Math.Round(level), 0, ushort.MaxValue));
        }

        return bytes;
    }

    private static byte[] Resolution()
    {
        byte[] ratio = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(ratio, (uint)(PixelsOfMicrometre * 1000));
        BinaryPrimitives.WriteUInt32LittleEndian(ratio.AsSpan(4), 1000);
        return ratio;
    }

    private static uint Appended(FileStream file, byte[] bytes)
    {
        uint place = (uint)file.Position;
        file.Write(bytes);
        return place;
    }
}
