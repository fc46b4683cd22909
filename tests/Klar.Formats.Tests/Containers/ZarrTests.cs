using System.IO.Compression;
using System.Text;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>OME-Zarr as zarr-python and numcodecs write it: golden/zarr.zip, made by make_zarr.py.</summary>
public sealed class ZarrTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ZarrTests() => ZipFile.ExtractToDirectory(
        Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", "golden", "zarr.zip"), _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("none", SampleType.UInt16)]
    [InlineData("gzip", SampleType.UInt16)]
    [InlineData("zlib", SampleType.UInt8)]
    [InlineData("zstd", SampleType.UInt16)]
    [InlineData("lz4", SampleType.Float32)]
    [InlineData("blosc_lz4_bytes", SampleType.UInt16)]
    [InlineData("blosc_lz4hc_bits", SampleType.Float32)]
    [InlineData("blosc_zstd_bits", SampleType.UInt16)]
    [InlineData("blosc_zstd_bytes", SampleType.Float64)]
    [InlineData("blosc_zlib_plain", SampleType.UInt16)]
    [InlineData("blosc_copied", SampleType.Int32)]
    [InlineData("columns", SampleType.UInt16)]
    public void Every_codec_is_read(string name, SampleType type)
    {
        using ImageStack stack = ImageStack.Open(PathOf(name));
        Assert.Equal(type, stack.Info.SampleType);
        int mask = type == SampleType.UInt8 ? 255 : 1023, area = stack.Info.Width * stack.Info.Height;
        for (int page = 0; page < stack.Pages; page++)
        {
            double[] expected = [.. Enumerable.Range(page * area, area).Select(i => (double)((i / 9 % 1024) & mask))];
            Assert.Equal(expected, ContainerCopy.Values(stack, page));
        }
    }

    [Fact]
    public void Axes_names_and_pixel_sizes_go_into_the_OME_TIFF()
    {
        using ImageStack stack = ImageStack.Open(PathOf("gzip"));
        Assert.Equal(("T=2 C=2 Z=2", "OME-Zarr"), (stack.Axes.ToString(), stack.Axes.Source));
        Assert.Equal(["dye 0", "dye 1"], stack.ChannelNames);
        ContainerCopy.Write(stack, _folder["a.ome.tif"]);
        Assert.Equal("TCZYX 2x2x2x40x50 uint16", Python.Run("ome_of.py", _folder["a.ome.tif"]));
        using ImageStack copy = ImageStack.Open(_folder["a.ome.tif"]);
        Assert.Equal(0.25, copy.Info.PixelSizeMicrometres);
        Assert.Contains("PhysicalSizeZ=\"2\"", copy.DescriptionOfFirst, StringComparison.Ordinal);
        Assert.Contains("Name=\"dye 1\"", copy.DescriptionOfFirst, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_that_are_missing_are_the_fill_value()
    {
        File.Delete(Path.Combine(PathOf("gzip"), "0", "0", "0", "0", "0", "1"));
        using ImageStack stack = ImageStack.Open(PathOf("gzip"));
        double[] values = ContainerCopy.Values(stack, 0);
        Assert.Equal((3, 7, 7), ((int)values[31], (int)values[32], (int)values[49]));
    }

    [Fact]
    public void Codecs_that_are_not_read_are_named()
    {
        using ImageStack stack = ImageStack.Open(PathOf("blosc_blosclz"));
        BadImageFileException refused = Assert.Throws<BadImageFileException>(() => stack.Read(0));
        Assert.Contains("Blosc with BloscLz", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Series_of_converters_are_images()
    {
        Directory.CreateDirectory(_folder["many.zarr"]);
        File.WriteAllText(_folder["many.zarr/.zattrs"], "{\"bioformats2raw.layout\": 3}");
        Directory.Move(PathOf("gzip"), _folder["many.zarr/0"]);
        Directory.Move(PathOf("zlib"), _folder["many.zarr/1"]);
        Assert.Equal(2, ImageStack.Scenes(_folder["many.zarr"]).Count);
        using ImageStack stack = ImageStack.Open(_folder["many.zarr"], 1);
        Assert.Equal(SampleType.UInt8, stack.Info.SampleType);
    }

    [Fact]
    public void Plates_have_an_image_for_each_field()
    {
        Directory.CreateDirectory(_folder["plate.zarr/A/1"]);
        File.WriteAllText(_folder["plate.zarr/.zattrs"], "{\"plate\": {\"wells\": [{\"path\": \"A/1\"}]}}");
        const string Well = "{\"well\": {\"images\": [{\"path\": \"0\"}, {\"path\": \"1\"}]}}";
        File.WriteAllText(_folder["plate.zarr/A/1/.zattrs"], Well);
        Directory.Move(PathOf("gzip"), _folder["plate.zarr/A/1/0"]);
        Directory.Move(PathOf("zlib"), _folder["plate.zarr/A/1/1"]);
        Assert.Equal(["A/1/0", "A/1/1"], ImageStack.Scenes(_folder["plate.zarr"]).Select(static scene => scene.Name));
    }

    [Theory]
    [InlineData("none", "0/.zarray", 300)]
    [InlineData("none", ".zattrs", 200)]
    [InlineData("blosc_lz4_bytes", "0/0/0/0/0/0", 300)]
    [InlineData("zstd", "0/0/0/0/0/0", 100)]
    public void Changed_headers_do_no_harm(string name, string file, int rounds)
    {
        string path = Path.Combine(PathOf(name), file);
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(20261128);
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(Math.Min(bytes.Length, file[0] == '.' || file[2] == '.' ? int.MaxValue : 64));
                bytes[at] = random.Next(3) switch { 0 => (byte)'9', 1 => (byte)'-', _ => (byte)random.Next(256) };
            }

            File.WriteAllBytes(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using ImageStack stack = ImageStack.Open(PathOf(name));
                _ = stack.Read(0);
                _ = stack.Read(stack.Pages - 1);
            }
            catch (BadImageFileException failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 1L << 30, $"{round}: {allocated} bytes, {Encoding.UTF8.GetString(bytes)}");
        }
    }

    private string PathOf(string name) => _folder[name + ".ome.zarr"];
}
