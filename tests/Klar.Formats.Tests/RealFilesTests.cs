using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>
/// Every single-image file of the project's data: it opens and goes round, or says in one line why not.
/// </summary>
public sealed class RealFilesTests
{
    // Stacks, which come with hyperstacks, and files that are broken; what their line must say.
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["truncated.jpg"] = string.Empty,
        ["multipage.tif"] = "stack of 2 pages",
        ["multipage_rgb.tif"] = "stack of 2 pages",
        ["_blobs_3d_fiji_skeleton.tif"] = "stack of 30 pages",
        ["IXMtest_A02_s9.tif"] = "stack of 3 pages",
        ["xyc_16bit__membranes_nuclei_hot_pixel.tif"] = "stack of 2 pages",
        ["fmd3_float32.noisy.tif"] = "stack of 3 pages",
        ["fmd3_float32.clean.tif"] = "stack of 3 pages",
    };

    public static TheoryData<string> Files
    {
        get
        {
            var files = new TheoryData<string>();
            foreach (string folder in SharedData.Folder is null ? [] : (string[])["formats", "clean", "pairs", "noisy"])
            {
                foreach (string file in Directory.EnumerateFiles(
                    SharedData.PathOf(folder), "*", SearchOption.AllDirectories))
                {
                    files.Add(Path.GetRelativePath(SharedData.PathOf(string.Empty), file));
                }
            }

            if (files.Count == 0)
            {
                files.Add("none");
            }

            return files;
        }
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public void A_real_file_goes_round_bit_for_bit_or_says_why_not(string name)
    {
        string path = SharedData.PathOf(name);
        if (Refused.TryGetValue(Path.GetFileName(name), out string? reason))
        {
            BadImageFileException failure = Assert.Throws<BadImageFileException>(() => ImageFile.Read(path));
            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
            return;
        }

        using var folder = new TemporaryFolder();
        LoadedImage first = ImageFile.Read(path);
        string copy = folder["copy" + Path.GetExtension(name)];
        Assert.Equal(0, ImageFile.Write(copy, first));
        LoadedImage second = ImageFile.Read(copy);
        Assert.Equal(first.Info with { Format = string.Empty }, second.Info with { Format = string.Empty });
        Assert.Equal(first.Image.Scale, second.Image.Scale);
        Assert.Equal(first.Raw.Bytes, second.Raw.Bytes);
    }

    [Theory]
    [InlineData(".png", SampleType.UInt16)]
    [InlineData(".webp", SampleType.UInt8)]
    public void Lossless_formats_keep_every_value(string extension, SampleType type)
    {
        using var folder = new TemporaryFolder();
        SampleScale scale = type == SampleType.UInt8
            ? SampleScale.EightBit
            : new SampleScale(0, 4095, Bounded: type == SampleType.UInt16);
        int channels = extension == ".webp" ? 3 : 1;
        ImageFile.Write(folder["a" + extension], new Image([.. Enumerable.Repeat(Ramp(), channels)], scale), type);
        LoadedImage first = ImageFile.Read(folder["a" + extension]);
        ImageFile.Write(folder["b" + extension], first);
        LoadedImage second = ImageFile.Read(folder["b" + extension]);
        Assert.Equal(type, second.Info.SampleType);
        Assert.Equal(first.Raw.Bytes, second.Raw.Bytes);
        Assert.Equal(first.Image.Planes[0].Samples.ToArray(), second.Image.Planes[0].Samples.ToArray());
        SampleScale read = second.Image.Scale;
        for (int i = 0; i < Ramp().Samples.Length; i++)
        {
            Assert.Equal(
                scale.Range * Ramp().Samples[i], read.Black + (read.Range * second.Image.Planes[0].Samples[i]), 0.6);
        }
    }

    [Fact]
    public void Jpeg_is_written_finely()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Write(folder["a.jpg"], new Image(Ramp()), SampleType.UInt8);
        LoadedImage read = ImageFile.Read(folder["a.jpg"]);
        for (int i = 0; i < Ramp().Samples.Length; i++)
        {
            Assert.Equal(Ramp().Samples[i], read.Image.Planes[0].Samples[i], 6.0 / 255);
        }
    }

    [Theory]
    [InlineData("x.jpg", SampleType.UInt16)]
    [InlineData("x.webp", SampleType.UInt16)]
    [InlineData("x.jp2", SampleType.UInt8)]
    public void A_format_that_cannot_hold_the_samples_is_refused(string name, SampleType type)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<BadImageFileException>(() => ImageFile.Write(folder[name], new Image(Ramp()), type));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("\0\0\0\fjP  \r\n", "JPEG 2000")]
    [InlineData("SIMPLE  =     T", "FITS")]
    [InlineData("\u00FF\n\0\0", "JPEG XL")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "HEIC")]
    public void A_format_without_a_decoder_is_named(string bytes, string format)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.png"], System.Text.Encoding.Latin1.GetBytes(bytes.PadRight(100)));
        var failure = Assert.Throws<BadImageFileException>(() => ImageFile.Read(folder["a.png"]));
        Assert.Equal($"it is {format}, which Klar does not read: convert it to TIFF or PNG", failure.Message);
    }

    [Fact]
    public void A_compression_without_a_decoder_is_named()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Write(folder["a.tif"], new Image(Ramp()), SampleType.UInt8);
        using (var copy = Process.Start("tiffcp", ["-c", "lzma", folder["a.tif"], folder["b.tif"]]))
        {
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
        }

        var failure = Assert.Throws<BadImageFileException>(() => ImageFile.Read(folder["b.tif"]));
        Assert.Equal(
            "it is compressed with LZMA, which Klar does not read: save it uncompressed, or with LZW or deflate",
            failure.Message);
    }

    [SharedFact]
    public void Transparency_passes_through_a_method_untouched()
    {
        using var folder = new TemporaryFolder();
        LoadedImage loaded = ImageFile.Read(SharedData.PathOf("formats/foo3x5x4indexed.png"));
        Assert.True(loaded.Info.HasAlpha);
        Image inverted = loaded.Image.With([.. loaded.Image.Planes.Select(static plane =>
            Plane.From(
                plane.Width, plane.Height, Array.ConvertAll(plane.Samples.ToArray(), static sample => 1 - sample)))]);
        ImageFile.Write(folder["x.png"], loaded with { Image = inverted });
        LoadedImage read = ImageFile.Read(folder["x.png"]);
        for (int i = 0; i < loaded.Raw.Bytes.Length; i++)
        {
            Assert.Equal(i % 4 == 3 ? loaded.Raw.Bytes[i] : 255 - loaded.Raw.Bytes[i], read.Raw.Bytes[i]);
        }

        Assert.Throws<BadImageFileException>(() => ImageFile.Write(folder["x.jpg"], loaded));
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".tif")]
    public void A_colour_profile_is_kept(string extension)
    {
        using var folder = new TemporaryFolder();
        using (NetVips.Image black = NetVips.Image.Black(16, 12, bands: 3))
        using (NetVips.Image colour = black.Copy(interpretation: NetVips.Enums.Interpretation.Srgb))
        {
            colour.WriteToFile(folder["a" + extension], new NetVips.VOption { { "profile", "srgb" } });
        }

        ImageFile.Write(folder["b" + extension], ImageFile.Read(folder["a" + extension]));
        using NetVips.Image before = NetVips.Image.NewFromFile(folder["a" + extension]),
            after = NetVips.Image.NewFromFile(folder["b" + extension]);
        byte[] profile = (byte[])before.Get("icc-profile-data");
        Assert.NotEmpty(profile);
        Assert.Equal(profile, (byte[])after.Get("icc-profile-data"));
    }

    [SharedTheory]
    [InlineData("clean/AS_09125_050116030001_D03f00d0.tif", null)] // 72 dots an inch say nothing about a cell
    [InlineData("noisy/xy_calibrated_16bit__cells_eres_noisy.tif", 0.1)]
    public void The_pixel_size_is_the_microscopes(string name, double? micrometres)
    {
        double? actual = ImageFile.Info(SharedData.PathOf(name)).PixelSizeMicrometres;
        Assert.Equal(micrometres is null, actual is null);
        if (micrometres is not null)
        {
            Assert.InRange(actual!.Value, 0.01, 1);
        }
    }

    private static Plane Ramp() => Plane.Create(32, 24, 0, static (to, _) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = i / (float)(to.Length - 1);
        }
    });
}
