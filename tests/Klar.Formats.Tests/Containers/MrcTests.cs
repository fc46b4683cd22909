using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

public sealed class MrcTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, SampleType.Int8)]
    [InlineData(1, SampleType.Int16)]
    [InlineData(2, SampleType.Float32)]
    [InlineData(6, SampleType.UInt16)]
    [InlineData(12, SampleType.Float32)]
    public void Every_mode_is_read_in_both_byte_orders(int mode, SampleType type)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            using ImageStack stack = Open(new MrcBytes { Mode = mode, BigEndian = bigEndian });
            Assert.Equal((5, 4, 3, type), (stack.Info.Width, stack.Info.Height, stack.Pages, stack.Info.SampleType));
            Assert.Equal(("Z=3", "MRC"), (stack.Axes.ToString(), stack.Axes.Source));
            Assert.Equal(1.5e-4, stack.Info.PixelSizeMicrometres!.Value, 1e-9);
            Assert.Equal(Enumerable.Range(40, 20).Select(static i => (double)i), Values(stack, 2));
        }
    }

    [Fact]
    public void Bytes_have_no_sign_where_IMOD_says_so()
    {
        using ImageStack stack = Open(new MrcBytes { Mode = 0, ImodUnsigned = true });
        Assert.Equal(SampleType.UInt8, stack.Info.SampleType);
    }

    [Fact]
    public void The_extended_header_is_skipped()
    {
        using ImageStack stack = Open(new MrcBytes { Mode = 1, ExtendedHeader = 160 });
        Assert.Equal(0, Values(stack, 0)[0]);
    }

    [Fact]
    public void Files_from_before_the_stamp_are_recognised_by_their_length()
    {
        using ImageStack stack = Open(new MrcBytes { Mode = 1, Stamped = false });
        Assert.Equal("mrc", stack.Info.Format);
    }

    [Theory]
    [InlineData(0, 3, "I=6")]
    [InlineData(1, 6, "Z=6")]
    [InlineData(401, 3, "T=2 Z=3")]
    public void Sections_are_what_the_space_group_says(int spaceGroup, int sectionsOfVolume, string axes)
    {
        var file = new MrcBytes { Mode = 1, Size = (5, 4, 6), SpaceGroup = spaceGroup };
        using ImageStack stack = Open(file with { SectionsOfVolume = sectionsOfVolume });
        Assert.Equal(axes, stack.Axes.ToString());
    }

    [Fact]
    public void A_file_that_is_cut_off_says_which_section_is_missing()
    {
        byte[] bytes = new MrcBytes { Mode = 1 }.Bytes();
        File.WriteAllBytes(_folder["a.mrc"], bytes[..^10]);
        BadImageFileException failure = Assert.Throws<BadImageFileException>(() => ImageStack.Open(_folder["a.mrc"]));
        Assert.Equal("MRC: truncated (section 3 of 3 is missing)", failure.Message);
    }

    [Fact]
    public void Of_twenty_gigabytes_a_page_is_read_alone()
    {
        // 5000 sections of 4 MB, as a file with holes.
        byte[] head = new MrcBytes { Mode = 6, Size = (1448, 1448, 1) }.Bytes()[..1024];
        BitConverter.GetBytes(5000).CopyTo(head, 8);
        using (FileStream file = File.Create(_folder["large.mrc"]))
        {
            file.Write(head);
            file.SetLength(1024 + (5000L * 1448 * 1448 * 2));
        }

        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using ImageStack stack = ImageStack.Open(_folder["large.mrc"]);
        Assert.Equal(0, stack.Read(4999).Image.Planes[0].Samples[^1]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 << 20);
    }

    [Theory]
    [InlineData(4, "complex numbers")]
    [InlineData(101, "4 bits")]
    public void Modes_that_are_not_read_are_named(int mode, string words)
    {
        BadImageFileException failure = Assert.Throws<BadImageFileException>(() => Open(new MrcBytes { Mode = mode }));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_from_it_is_OME_TIFF_with_the_same_axes_samples_and_pixel_size()
    {
        using ImageStack stack = Open(new MrcBytes { Mode = 1 });
        string output = _folder["a.ome.tif"];
        ContainerCopy.Write(stack, output);
        using ImageStack copy = ImageStack.Open(output);
        Assert.Equal(("Z=3", "OME-XML"), (copy.Axes.ToString(), copy.Axes.Source));
        Assert.Equal(SampleType.Int16, copy.Info.SampleType);
        Assert.Equal(1.5e-4, copy.Info.PixelSizeMicrometres!.Value, 1e-9);
        Assert.Equal(Values(stack, 1), Values(copy, 1));
    }

    private ImageStack Open(MrcBytes file)
    {
        File.WriteAllBytes(_folder["a.mrc"], file.Bytes());
        return ImageStack.Open(_folder["a.mrc"]);
    }

    private static double[] Values(ImageStack stack, int page) => ContainerCopy.Values(stack, page);
}
