using System.Buffers.Binary;
using System.IO.Compression;

namespace Klar.Tests.Support;

/// <summary>
/// A compressed TIFF file whose page is a single strip, as some programs write them: small on the disk, however large
/// the page.
/// </summary>
internal static class OneStripTiff
{
    private const int Head = 8;
    private const int Deflate = 8;

    /// <summary>Writes a square page of 8 bits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">Pixels in a row, and rows.</param>
    /// <param name="fill">Fills a row, given its number; null leaves all black.</param>
    public static void Write(string path, int side, Action<int, byte[]>? fill = null)
    {
        using FileStream file = File.Create(path);
        file.Write("II*\0\0\0\0\0"u8);
        byte[] row = new byte[side];
        using (var strip = new ZLibStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < side; y++)
            {
                fill?.Invoke(y, row);
                strip.Write(row);
            }
        }

        int bytes = (int)file.Position - Head;
        file.Position += file.Position % 2;
        int directory = (int)file.Position;
        (ushort Tag, int Value)[] tags =
        [
            (256, side), (257, side), (258, 8), (259, Deflate), (262, 1), (273, Head), (277, 1), (278, side),
            (279, bytes),
        ];
        file.Write(Number((ushort)tags.Length));
        foreach ((ushort tag, int value) in tags)
        {
            const ushort Long = 4;
            file.Write([.. Number(tag), .. Number(Long), .. Number(1), .. Number(value)]);
        }

        file.Write(Number(0));
        file.Position = sizeof(int);
        file.Write(Number(directory));
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Number(ushort value)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }
}
