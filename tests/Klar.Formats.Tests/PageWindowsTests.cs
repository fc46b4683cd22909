using Klar.Formats.Denoising;
using Klar.Imaging;
using Klar.Stacks;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>Pages with their neighbours at hand.</summary>
public sealed class PageWindowsTests : IDisposable
{
    private const int Side = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData('T', 0, new[] { 0, 6, 12 })]
    [InlineData('T', 13, new[] { 1, 7, 13 })]
    [InlineData('Z', 8, new[] { 6, 8, 10 })]
    [InlineData('Z', 10, new[] { 6, 8, 10 })]
    [InlineData('C', 4, new[] { 4, 5 })]
    public void Neighbours_differ_along_one_axis_alone(char axis, int page, int[] expected)
    {
        StackAxes axes = new("TZC", [3, 3, 2], "test");
        Assert.Equal(expected, PageNeighbours.Along(axes, axis, page, reach: 2));
    }

    [Fact]
    public void Every_page_comes_with_those_around_it_and_is_decoded_once()
    {
        const int Pages = 12, Reach = 2;
        Write("stack.tif", Pages);
        using ImageStack stack = ImageStack.Open(_folder["stack.tif"]);
        StackAxes axes = stack.Axes.Named("T6C2YX");
        var scale = new SampleScale(0, 65535, Bounded: true);
        var windows = new PageWindows(
            stack, scale, page => PageNeighbours.Along(axes, 'T', page, Reach), static image => image);
        for (int page = 0; page < Pages; page++)
        {
            (LoadedImage loaded, PageWindow window) = windows.At(page, Enumerable.Range(page + 1, Pages - page - 1));
            int frame = page / 2, first = Math.Max(0, frame - Reach), last = Math.Min(5, frame + Reach);
            Assert.Equal(
                Enumerable.Range(first, last - first + 1).Select(other => (2 * other) + (page % 2)),
                window.Pages.Select(NumberOf));
            Assert.Equal(page, NumberOf(window.Page));
            Assert.Equal(page, NumberOf(loaded.Image));
        }

        Assert.Equal(Pages, stack.Decodes);
    }

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

    /// <summary>Pages of which each sample is 1000 more than the page's number, but for one that spans a range.</summary>
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
