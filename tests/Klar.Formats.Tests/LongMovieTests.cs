using System.Buffers.Binary;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>TIFF files of more pages than fit into 16 bits, which LibTiff counts them in.</summary>
public sealed class LongMovieTests : IDisposable
{
    private const int Pages = 40_000, Width = 4, Height = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_pages_are_read_in_any_order()
    {
        Write("movie.tif");
        using ImageStack stack = ImageStack.Open(_folder["movie.tif"]);
        Assert.Equal((Pages, null), (stack.Pages, stack.Warning));
        foreach (int page in (int[])[0, 1, 32767, 32768, 39_999, 32_766, 5])
        {
            Assert.Equal(Numbers(page), Values(stack.Read(page)));
        }
    }

    // A dozen seconds: each page is read three times, and its checksum taken.
    [Fact]
    [Trait("Category", Long.Category)]
    public void All_pages_are_written()
    {
        Write("movie.tif");
        using (ImageStack stack = ImageStack.Open(_folder["movie.tif"]))
        {
            SampleScale scale = stack.Scale(Enumerable.Range(0, Pages));
            using StackResult result = StackResult.Open(
                _folder["out.tif"], stack, stack.Axes, [.. Enumerable.Range(0, Pages)], "key", resume: false);
            for (int page = 0; page < Pages; page++)
            {
                result.Add(stack.Read(page, scale));
            }

            result.Finish("Denoised");
        }

        using ImageStack made = ImageStack.Open(_folder["out.tif"]);
        Assert.Equal(Pages, made.Pages);
        for (int page = 0; page < Pages; page++)
        {
            Assert.Equal(Numbers(page), Values(made.Read(page)));
        }
    }

    private static ushort[] Numbers(int page) =>
        [.. Enumerable.Range(0, Width * Height).Select(i => (ushort)((page + (i * 7919)) % 65536))];

    private static ushort[] Values(LoadedImage page)
    {
        SampleScale scale = page.Image.Scale;
        float[] samples = page.Image.Planes[0].Samples.ToArray();
        return [.. samples.Select(sample => (ushort)Math.Round(scale.Black + (sample * scale.Range)))];
    }

    /// <summary>A directory of nine tags, and behind it the samples.</summary>
    private void Write(string name)
    {
        const int Bytes = 2 * Width * Height, Directory = 2 + (9 * 12) + 4;
        using FileStream file = File.Create(_folder[name], 1 << 16);
        file.Write("II*\0\u0008\0\0\0"u8);
        byte[] page = new byte[Directory + Bytes];
        for (int number = 0; number < Pages; number++)
        {
            uint at = 8 + (uint)(number * page.Length);
            (int Tag, int Type, uint Value)[] tags =
            [
                (256, 3, Width), (257, 3, Height), (258, 3, 16), (259, 3, 1), (262, 3, 1),
                (273, 4, at + Directory), (277, 3, 1), (278, 3, Height), (279, 4, Bytes),
            ];
            BinaryPrimitives.WriteUInt16LittleEndian(page, (ushort)tags.Length);
            for (int i = 0; i < tags.Length; i++)
            {
                Span<byte> tag = page.AsSpan(2 + (12 * i));
                BinaryPrimitives.WriteUInt16LittleEndian(tag, (ushort)tags[i].Tag);
                BinaryPrimitives.WriteUInt16LittleEndian(tag[2..], (ushort)tags[i].Type);
                BinaryPrimitives.WriteUInt32LittleEndian(tag[4..], 1);
                BinaryPrimitives.WriteUInt32LittleEndian(tag[8..], tags[i].Value);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(
                page.AsSpan(Directory - 4), number == Pages - 1 ? 0 : at + (uint)page.Length);
            ushort[] samples = Numbers(number);
            for (int i = 0; i < samples.Length; i++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(Directory + (2 * i)), samples[i]);
            }

            file.Write(page);
        }
    }
}
