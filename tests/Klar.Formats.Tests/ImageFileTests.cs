using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

public sealed class ImageFileTests
{
    public static TheoryData<SampleType, int, string> Kinds
    {
        get
        {
            var kinds = new TheoryData<SampleType, int, string>();
            foreach (SampleType type in Enum.GetValues<SampleType>())
            {
                kinds.Add(type, 1, ".tif");
                kinds.Add(type, 3, ".tif");
            }

            foreach (SampleType type in (SampleType[])[SampleType.UInt8, SampleType.UInt16])
            {
                kinds.Add(type, 1, ".png");
                kinds.Add(type, 3, ".png");
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_is_read_and_what_is_read_is_written(SampleType type, int channels, string extension)
    {
        using var folder = new TemporaryFolder();
        Image image = Ramp(channels, type == SampleType.UInt8
            ? SampleScale.EightBit
            : new SampleScale(-100, 100, type is not (SampleType.Float32 or SampleType.Float64)));
        if (type is SampleType.UInt16 or SampleType.UInt32)
        {
            image = Ramp(channels, new SampleScale(100, 60000, Bounded: true));
        }

        ImageFile.Write(folder["first" + extension], image, type);
        LoadedImage first = ImageFile.Read(folder["first" + extension]);
        Assert.Equal(type, first.Info.SampleType);
        Assert.Equal((23, 17, channels), (first.Info.Width, first.Info.Height, first.Info.Channels));
        ImageFile.Write(folder["second" + extension], first);
        LoadedImage second = ImageFile.Read(folder["second" + extension]);
        Assert.Equal(type, second.Info.SampleType);
        Assert.Equal(first.Image.Scale, second.Image.Scale);
        for (int c = 0; c < channels; c++)
        {
            Assert.Equal(first.Image.Planes[c].Samples.ToArray(), second.Image.Planes[c].Samples.ToArray());
        }
    }

    [Fact]
    public void A_link_to_a_file_is_that_file()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Write(folder["there.tif"], Ramp(1, new SampleScale(0, 60000, Bounded: true)), SampleType.UInt16);
        File.CreateSymbolicLink(folder["first.tif"], folder["there.tif"]);
        File.CreateSymbolicLink(folder["second.tif"], folder["first.tif"]);
        Assert.Equal(
            ImageFile.Read(folder["there.tif"]).Image.Planes[0].Samples.ToArray(),
            ImageFile.Read(folder["second.tif"]).Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Samples_outside_the_type_are_clipped_and_counted()
    {
        using var folder = new TemporaryFolder();
        var image = new Image(Plane.From(4, 1, [-0.5f, 0, 1, 1.5f]));
        Assert.Equal(2, ImageFile.Write(folder["x.png"], image, SampleType.UInt8));
        Assert.Equal([0, 0, 1, 1], ImageFile.Read(folder["x.png"]).Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Sixteen_bits_are_scaled_by_their_own_range()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Write(
            folder["x.tif"], new Image(Plane.From(3, 1, [0, 0.5f, 1]), new SampleScale(100, 300, Bounded: true)),
            SampleType.UInt16);
        LoadedImage read = ImageFile.Read(folder["x.tif"]);
        Assert.Equal(new SampleScale(100, 300, Bounded: true), read.Image.Scale);
        Assert.Equal([0, 0.5f, 1], read.Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void A_test_image_is_read_in_its_references_scale()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Write(
            folder["x.tif"], new Image(Plane.From(2, 1, [0, 1]), new SampleScale(100, 300, Bounded: true)),
            SampleType.UInt16);
        LoadedImage read = ImageFile.Read(folder["x.tif"], new SampleScale(0, 400, Bounded: true));
        Assert.Equal([0.25f, 0.75f], read.Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void A_constant_image_survives()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Write(
            folder["x.tif"], new Image(Plane.From(3, 1, [0.5f, 0.5f, 0.5f]), new SampleScale(0, 1000, Bounded: true)),
            SampleType.UInt16);
        LoadedImage read = ImageFile.Read(folder["x.tif"]);
        ImageFile.Write(folder["y.tif"], read);
        Assert.Equal(new SampleScale(500, 501, Bounded: true), ImageFile.Read(folder["y.tif"]).Image.Scale);
    }

    [SharedTheory]
    [InlineData("clean/xy_16bit__rat_hippocampal_neuron.tif")]
    [InlineData("noisy/xy_calibrated_16bit__cells_eres_noisy.tif")]
    [InlineData("pairs/nucleus/nucleus16.noisy.tif")]
    [InlineData("clean/AS_09125_050116030001_D03f00d0.tif")]
    public void Resolution_and_description_of_real_files_are_kept(string name)
    {
        using var folder = new TemporaryFolder();
        string input = SharedData.PathOf(name);
        ImageFile.Write(folder["out.tif"], ImageFile.Read(input));
        foreach (string tag in (string[])["Resolution:", "ImageDescription:", "Bits/Sample:", "Photometric"])
        {
            Assert.Equal(TagOf(input, tag), TagOf(folder["out.tif"], tag));
        }
    }

    [SharedTheory]
    [InlineData("pairs/nucleus/nucleus16.noisy.tif")]
    [InlineData("noisy/focal_adhesion_evolve_512.tiff")]
    public void ImageJs_private_tags_of_real_files_are_kept(string name)
    {
        using var folder = new TemporaryFolder();
        string input = SharedData.PathOf(name);
        ImageFile.Write(folder["out.tif"], ImageFile.Read(input));
        Assert.NotEmpty(TagOf(input, "Tag 50839"));
        Assert.Equal(TagOf(input, "Tag 50838"), TagOf(folder["out.tif"], "Tag 50838"));
        Assert.Equal(TagOf(input, "Tag 50839"), TagOf(folder["out.tif"], "Tag 50839"));
    }

    [Theory]
    [InlineData("missing.tif", "no such file")]
    [InlineData("empty.tif", "empty")]
    [InlineData("text.png", "")]
    [InlineData("cut.png", "")]
    [InlineData("folder", "folder")]
    public void What_is_no_image_is_refused_in_one_line(string name, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["empty.tif"], string.Empty);
        File.WriteAllText(folder["text.png"], "This is no picture.");
        Directory.CreateDirectory(folder["folder"]);
        ImageFile.Write(folder["whole.png"], Ramp(1, SampleScale.EightBit), SampleType.UInt8);
        File.WriteAllBytes(folder["cut.png"], File.ReadAllBytes(folder["whole.png"])[..80]);

        BadImageFileException failure = Assert.Throws<BadImageFileException>(() => ImageFile.Read(folder[name]));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [SharedFact]
    public void A_stack_is_refused_with_its_number_of_pages()
    {
        BadImageFileException failure = Assert.Throws<BadImageFileException>(() => ImageFile.Read(
            SharedData.PathOf("formats/multipage.tif")));
        Assert.Contains("2 pages", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.bmp2")]
    [InlineData("x")]
    public void An_unknown_format_is_refused_before_anything_is_written(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<BadImageFileException>(
            () => ImageFile.Write(folder[name], Ramp(1, SampleScale.EightBit), SampleType.UInt8));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Png_refuses_floats()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<BadImageFileException>(
            () => ImageFile.Write(folder["x.png"], Ramp(1, SampleScale.EightBit), SampleType.Float32));
    }

    [Fact]
    public void A_failure_while_writing_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.txt"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["x.txt"], static unfinished =>
        {
            File.WriteAllText(unfinished, "half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["x.txt"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static Image Ramp(int channels, SampleScale scale) => new(
        [.. Enumerable.Range(0, channels).Select(c => Plane.Create(23, 17, c, static (to, channel) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (i + (channel * 40)) % 391 / 390f;
            }
        }))],
        scale);

    private static string TagOf(string path, string tag)
    {
        using var process = Process.Start(
            new ProcessStartInfo("tiffinfo", [path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n');
        return string.Join(
            '\n', lines.Where(line => line.Contains(tag, StringComparison.Ordinal)).Select(static line => line.Trim()));
    }
}
