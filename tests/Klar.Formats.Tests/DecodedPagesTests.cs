using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>How often the pages of a stack are decoded.</summary>
public sealed class DecodedPagesTests : IDisposable
{
    private const int Side = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 16)]
    public void A_stack_is_decoded_once_where_there_is_room(bool hasRoom, int decodes)
    {
        const int Pages = 8;
        Write("stack.tif", Pages);
        using ImageStack stack = ImageStack.Open(_folder["stack.tif"]);
        stack.KeepDecoded(hasRoom ? 1 << 20 : 0);
        int[] all = [.. Enumerable.Range(0, Pages)];
        SampleScale scale = stack.Scale(all);
        using (var result = StackResult.Open(_folder["out.tif"], stack, stack.Axes, all, "key", resume: false))
        {
            foreach (int page in all)
            {
                result.Add(stack.Read(page, scale));
            }

            result.Finish("unchanged");
        }

        Assert.Equal(decodes, stack.Decodes);
        using ImageStack written = ImageStack.Open(_folder["out.tif"]);
        Assert.Equal(all, all.Select(page => NumberOf(written.Read(page, new SampleScale(0, 65535, true)).Image)));
    }

    private static int NumberOf(Image page) => (int)Math.Round(65535 * page.Planes[0].Samples[0]) - 1000;

    /// <summary>
    /// Pages of which each sample is 1000 more than the page's number, but for one that spans a range.
    /// </summary>
    private void Write(string name, int pages)
    {
        var info = new ImageFileInfo(Side, Side, 1, pages, SampleType.UInt16, HasAlpha: false, "tiff", null);
        using var writer = new TiffWriter(_folder[name], 2L * Side * Side * pages, bigEndian: false, big: false);
        for (int page = 0; page < pages; page++)
        {
            ushort[] samples = [.. Enumerable.Repeat((ushort)(1000 + page), Side * Side)];
            samples[^1] = 60000;
            byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<ushort>(samples).ToArray();
            var raw = new RawSamples(bytes, SampleType.UInt16, 1);
            writer.Write(new TiffWriter.Page(
                raw, info, BitMiracle.LibTiff.Classic.Photometric.MINISBLACK, Tags: null));
        }

        writer.Finish();
    }
}
