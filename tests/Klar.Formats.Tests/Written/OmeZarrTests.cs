using Klar.Formats.Tests.Containers;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Written;

/// <summary>OME-Zarr as Klar writes it, seen by Debian's python3-zarr.</summary>
public sealed class OmeZarrTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OmeZarrTests() => Python.Run("make_tiffs.py", _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(OmeZarrVersion.V04, SampleCompression.None)]
    [InlineData(OmeZarrVersion.V04, SampleCompression.Deflate)]
    [InlineData(OmeZarrVersion.V04, SampleCompression.Zstd)]
    [InlineData(OmeZarrVersion.V05, SampleCompression.None)]
    [InlineData(OmeZarrVersion.V05, SampleCompression.Deflate)]
    [InlineData(OmeZarrVersion.V05, SampleCompression.Zstd)]
    public void An_image_has_its_axes_sizes_channels_and_samples(OmeZarrVersion version, SampleCompression compression)
    {
        Copy("set.ome.tif", "a.ome.zarr", new WriteOptions { OmeZarr = version, Compression = compression });
        string samples = Python.Run("samples_of.py", _folder["set.ome.tif"], "TCZYX");
        Assert.StartsWith("4x2x3x16x18 uint16 ", samples, StringComparison.Ordinal);
        Assert.Equal(
            $"""
            Image0 t c z y:micrometer x:micrometer
            DAPI:00FF00 GFP:FF00FF
            1 1 1 0.25 0.25 {samples}
            """,
            Python.Run("zarr_of.py", _folder["a.ome.zarr"]));
        using ImageStack before = ImageStack.Open(_folder["set.ome.tif"]);
        using ImageStack after = ImageStack.Open(_folder["a.ome.zarr"]);
        Assert.Equal(("T=4 C=2 Z=3", 0.25), (after.Axes.ToString(), after.Info.PixelSizeMicrometres));
        Assert.Equal(["DAPI", "GFP"], after.ChannelNames);

        // The source's pages follow each other in another order.
        Assert.Equal("C=2 T=4 Z=3", before.Axes.ToString());
        Assert.Equal(before.Read(14).Raw.Bytes, after.Read(5).Raw.Bytes);
    }

    [Fact]
    public void ImageJs_sizes_and_times_are_kept()
    {
        Copy("hyperstack.tif", "a.ome.zarr");
        string[] lines = Python.Run("zarr_of.py", _folder["a.ome.zarr"]).Split('\n');
        Assert.Equal("a t:second c z:micrometer y:micrometer x:micrometer", lines[0]);
        Assert.StartsWith("2.5 1 0.3 0.108 0.108 4x2x3x16x18 uint16", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_become_channels()
    {
        Copy("rgb16.tif", "a.zarr");
        string[] lines = Python.Run("zarr_of.py", _folder["a.zarr"]).Split('\n');
        Assert.Equal("red:FF0000 green:00FF00 blue:0000FF", lines[1]);
        Assert.Equal("1 1 1 1 1 " + Python.Run("samples_of.py", _folder["rgb16.tif"], "TSZYX"), lines[2]);
    }

    [Fact]
    public void Selected_pages_keep_their_channels_name()
    {
        using (ImageStack stack = ImageStack.Open(_folder["set.ome.tif"]))
        {
            ContainerCopy.Write(stack, _folder["a.ome.zarr"], [.. Enumerable.Range(12, 12)]);
        }

        using ImageStack after = ImageStack.Open(_folder["a.ome.zarr"]);
        Assert.Equal(("T=4 Z=3", "GFP"), (after.Axes.ToString(), Assert.Single(after.ChannelNames)));
    }

    [Fact]
    public void Large_pages_have_smaller_copies()
    {
        byte[] samples = [.. Enumerable.Range(0, 1100 * 1300).Select(static i => (byte)(i % 1300 / 6))];
        Image image = Image.From(samples, 1300, 1100);
        ImageFile.Write(_folder["a.zarr"], image, SampleType.UInt8);
        string[] lines = Python.Run("zarr_of.py", _folder["a.zarr"]).Split('\n');
        string[] starts = ["1 1 1 1 1 1x1x1x1100x1300 ", "1 1 1 2 2 1x1x1x550x650 ", "1 1 1 4 4 1x1x1x275x325 "];
        Assert.Equal(starts, lines[2..].Zip(starts, static (line, start) => line[..start.Length]));
        Assert.Equal(samples, ImageFile.Read(_folder["a.zarr"]).Raw.Bytes);
    }

    [Fact]
    public void A_folder_is_replaced_whole_and_nothing_else_is_left()
    {
        Copy("hyperstack.tif", "a.ome.zarr");
        Copy("set.ome.tif", "a.ome.zarr");
        using (ImageStack after = ImageStack.Open(_folder["a.ome.zarr"]))
        {
            Assert.Equal(["DAPI", "GFP"], after.ChannelNames);
        }

        string[] hidden = Directory.GetFileSystemEntries(
            _folder.Path, ".*", new EnumerationOptions { AttributesToSkip = 0 });
        Assert.Empty(hidden);
    }

    [Fact]
    public void A_cancelled_write_leaves_no_folder()
    {
        using var cancel = new CancellationTokenSource();
        using ImageStack stack = ImageStack.Open(_folder["hyperstack.tif"], cancel: cancel.Token);
        using StackResult result = StackResult.Open(_folder["a.zarr"], stack, stack.Axes, [0, 1], "key", resume: false);
        result.Add(stack.Read(0));
        result.Add(stack.Read(1));
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => result.Finish("note"));
        string[] folders = Directory.GetDirectories(_folder.Path, "*", new EnumerationOptions { AttributesToSkip = 0 });
        Assert.Equal("lost", Path.GetFileName(Assert.Single(folders)));
    }

    private void Copy(string from, string to, WriteOptions? options = null)
    {
        using ImageStack stack = ImageStack.Open(_folder[from]);
        ContainerCopy.Write(stack, _folder[to], options ?? WriteOptions.AsSource);
    }
}
