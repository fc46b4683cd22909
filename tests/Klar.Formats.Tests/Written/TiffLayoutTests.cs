using Klar.Formats.Tests.Containers;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Written;

/// <summary>Tiles stay tiles, compression is kept, pyramids are made anew: as tifffile sees what Klar writes.</summary>
public sealed class TiffLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TiffLayoutTests() => Python.Run("make_layouts.py", _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiles.tif")]
    [InlineData("tiles_deflate.tif")]
    [InlineData("tiles_predicted.tif")]
    [InlineData("tiles_big_endian.tif")]
    [InlineData("tiles_rgb.tif")]
    [InlineData("tiles_planar.tif")]
    [InlineData("tiles_bits.tif")]
    [InlineData("tiles_float.tif")]
    [InlineData("big_tiles.tif")]
    [InlineData("strips_deflate.tif")]
    [InlineData("pyramid.tif")]
    [InlineData("big_pyramid.tif")]
    [InlineData("reduced_pages.tif")]
    public void A_copy_has_the_layout_of_its_source(string name)
    {
        string expected = LayoutOf(name);
        Copy(name, "copy.tif");
        Assert.Equal(expected, LayoutOf("copy.tif"));
    }

    [Fact]
    public void Smaller_copies_are_those_of_the_result()
    {
        using (ImageStack stack = ImageStack.Open(_folder["reduced_pages.tif"]))
        {
            LoadedImage page = stack.Read(0);
            Image white = page.Image.With([.. page.Image.Planes.Select(static plane =>
                Plane.From(plane.Width, plane.Height, Enumerable.Repeat(1f, plane.Samples.Length).ToArray()))]);
            ImageFile.Write(_folder["white.tif"], page with { Image = white });
        }

        string levels = Python.Run("levels_of.py", _folder["white.tif"]);
        Assert.Equal("150x170x3 255..255\n75x85x3 255..255\n37x42x3 255..255", levels);
    }

    [Fact]
    public void A_slides_levels_are_made_anew_and_its_labels_are_left_out()
    {
        using (ImageStack stack = ImageStack.Open(_folder["slide.svs"]))
        {
            Assert.Equal((1, 170, 150), (stack.Pages, stack.Info.Width, stack.Info.Height));
            Assert.Contains("thumbnail, label", stack.Warning, StringComparison.Ordinal);
        }

        Copy("slide.svs", "copy.tif");
        using ImageStack copy = ImageStack.Open(_folder["copy.tif"]);
        Assert.Equal((1, true, null), (copy.Pages, copy.HasPyramid, copy.Warning));
        Assert.Equal("150x170x3 37x42x3", Python.Run("pages_of.py", _folder["copy.tif"]));
    }

    [Theory]
    [InlineData(SampleCompression.Deflate, "ADOBE_DEFLATE")]
    [InlineData(SampleCompression.None, "NONE")]
    public void Compression_and_pyramid_can_be_asked_for(SampleCompression compression, string name)
    {
        Copy("strips_deflate.tif", "copy.tif", new WriteOptions { Compression = compression });
        Assert.Contains($" {name} 1 - | - |", LayoutOf("copy.tif"), StringComparison.Ordinal);
        string samples = LayoutOf("strips_deflate.tif").Split('|')[^1];
        Assert.EndsWith(samples, LayoutOf("copy.tif"), StringComparison.Ordinal);

        LoadedImage large = Large();
        ImageFile.Write(
            _folder["large.tif"], large, null, null, new WriteOptions { Compression = compression, Pyramid = true },
            default);
        Assert.Contains(
            $"1100x1300 uint16 classic < {name} 1 512x512 | 550x650 275x325 |", LayoutOf("large.tif"),
            StringComparison.Ordinal);
        Assert.Equal(large.Raw.Bytes, ImageFile.Read(_folder["large.tif"]).Raw.Bytes);
    }

    [Theory]
    [InlineData("tiles_predicted.tif")]
    [InlineData("tiles_big_endian.tif")]
    [InlineData("tiles_bits.tif")]
    [InlineData("tiles_float.tif")]
    [InlineData("strips_deflate.tif")]
    [InlineData("pyramid.tif")]
    public void Zstandard_is_written_and_kept(string name)
    {
        Copy(name, "zstd.tif", new WriteOptions { Compression = SampleCompression.Zstd });
        Copy("zstd.tif", "again.tif");
        using ImageStack before = ImageStack.Open(_folder[name]), after = ImageStack.Open(_folder["again.tif"]);
        Assert.Equal(before.Pages, after.Pages);
        for (int page = 0; page < before.Pages; page++)
        {
            Assert.Equal(before.Read(page).Raw.Bytes, after.Read(page).Raw.Bytes);
            Assert.Equal(ZstdStrips.Zstd, after.Read(page).Tags!.Compression);
        }

        Assert.Equal(LayoutOf("zstd.tif"), LayoutOf("again.tif"));
        Assert.Contains(" ZSTD ", LayoutOf("again.tif"), StringComparison.Ordinal);
    }

    private static LoadedImage Large()
    {
        byte[] samples = new byte[1300 * 1100 * 2];
        new Random(1).NextBytes(samples);
        var info = new ImageFileInfo(1300, 1100, 1, 1, SampleType.UInt16, false, "tiff", null);
        var raw = new RawSamples(samples, SampleType.UInt16, 1);
        SampleScale scale = RawSamples.ScaleOf(SampleType.UInt16, 0, 65535);
        return new LoadedImage(
            new Image(raw.ToPlanes(1300, 1100, 1, scale), scale), info, raw, TiffTags.Of(info), new(() => null));
    }

    private void Copy(string from, string to, WriteOptions? options = null)
    {
        using ImageStack stack = ImageStack.Open(_folder[from]);
        ContainerCopy.Write(stack, _folder[to], options ?? WriteOptions.AsSource);
    }

    private string LayoutOf(string name) => Python.Run("layout_of.py", _folder[name]);
}
