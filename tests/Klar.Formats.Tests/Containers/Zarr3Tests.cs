using System.IO.Compression;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>OME-Zarr 0.5 on Zarr version 3, made by make_zarr3.py, as folders and as zip files.</summary>
public sealed class Zarr3Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Zarr3Tests() => Python.Run("make_zarr3.py", _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain", SampleType.UInt16, "T=2 C=2 Z=3")]
    [InlineData("gzip big endian", SampleType.UInt16, "T=2 C=2 Z=3")]
    [InlineData("zstd", SampleType.Float32, "T=2 C=2 Z=3")]
    [InlineData("blosc", SampleType.UInt16, "T=2 C=2 Z=3")]
    [InlineData("transposed", SampleType.Int32, "C=3")]
    [InlineData("flat", SampleType.UInt8, "")]
    [InlineData("shards", SampleType.UInt16, "T=2 C=2 Z=3")]
    [InlineData("shards at start", SampleType.UInt16, "T=2 C=2 Z=3")]
    public void Arrays_are_read_from_folders_and_zip_files(string name, SampleType type, string axes)
    {
        ZipFile.CreateFromDirectory(PathOf(name), _folder["whole.zip"], CompressionLevel.Fastest, true);
        ZipFile.CreateFromDirectory(PathOf(name), _folder["root.zip"], CompressionLevel.NoCompression, false);
        foreach (string path in (string[])[PathOf(name), _folder["whole.zip"], _folder["root.zip"]])
        {
            using ImageStack stack = ImageStack.Open(path);
            Assert.Equal((type, axes), (stack.Info.SampleType, stack.Axes.ToString()));
            Assert.Equal(0.5, stack.Info.PixelSizeMicrometres);
            int mask = type == SampleType.UInt8 ? 255 : 1023, area = 40 * 50;
            for (int page = 0; page < stack.Pages; page++)
            {
                IEnumerable<int> numbers = Enumerable.Range(page * area, area);
                double[] expected = [.. numbers.Select(i => (double)((i / 9 % 1024) & mask))];
                Assert.Equal(expected, ContainerCopy.Values(stack, page));
            }
        }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("missing in shard")]
    public void Chunks_that_are_missing_are_the_fill_value(string name)
    {
        using ImageStack stack = ImageStack.Open(PathOf(name));
        double[] values = ContainerCopy.Values(stack, 0);
        Assert.Equal((999 / 9, 7, 7), ((int)values[999], (int)values[1000], (int)values[1999]));
        Assert.Equal(2000 / 9, (int)ContainerCopy.Values(stack, 1)[0]);
    }

    [Fact]
    public void A_chunk_whose_checksum_is_wrong_is_damaged()
    {
        string chunk = Path.Combine(PathOf("zstd"), "0", "c", "0", "0", "0", "0", "0");
        byte[] bytes = File.ReadAllBytes(chunk);
        bytes[^1] ^= 1;
        File.WriteAllBytes(chunk, bytes);
        using ImageStack stack = ImageStack.Open(PathOf("zstd"));
        BadImageFileException failure = Assert.Throws<BadImageFileException>(() => stack.Read(0));
        Assert.Equal("Zarr: damaged: the checksum of a chunk is wrong", failure.Message);
    }

    [Fact]
    public void A_zip_file_of_something_else_is_named()
    {
        Directory.CreateDirectory(_folder["other"]);
        File.WriteAllText(_folder["other/a.txt"], "a");
        ZipFile.CreateFromDirectory(_folder["other"], _folder["other.zip"]);
        BadImageFileException failure =
            Assert.Throws<BadImageFileException>(() => ImageStack.Open(_folder["other.zip"]));
        Assert.Equal("Zarr: it is a zip file, and no OME-Zarr is in it", failure.Message);
    }

    private string PathOf(string name) => _folder[name + ".ome.zarr"];
}
