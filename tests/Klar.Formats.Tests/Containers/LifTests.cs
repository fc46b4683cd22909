using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

public sealed class LifTests : IDisposable
{
    private const int Channel = 128 * 128;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public void Images_of_a_real_file_have_the_axes_and_sizes_of_its_XML()
    {
        string path = SharedData.PathOf("vendor/xz-example.lif");
        Assert.Equal(
            ["xzt T=20 C=2 128x128", "xzy Z=23 C=2 128x128", "xz C=2 512x512"],
            ImageStack.Scenes(path).Select(static one => $"{one.Name} {one.Axes} {one.Info.Width}x{one.Info.Height}"));
        using ImageStack stack = ImageStack.Open(path, 1);
        Assert.Equal(["Green", "Red"], stack.ChannelNames);
        Assert.Equal(0.140280, stack.Info.PixelSizeMicrometres!.Value, 1e-6);
        Assert.Contains("xz sections", stack.Warning, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Samples_of_a_real_file_are_those_at_its_strides()
    {
        // Where the memory of "xzy" lies and what its strides are was read off the file by hand.
        byte[] file = File.ReadAllBytes(SharedData.PathOf("vendor/xz-example.lif"));
        const int Memory = 746521 + 22 + (2 * 11);
        using ImageStack stack = ImageStack.Open(SharedData.PathOf("vendor/xz-example.lif"), 1);
        for (int page = 0; page < stack.Pages; page += 5)
        {
            (int z, int c) = (stack.Axes.PlaceOf(page, 'Z'), stack.Axes.PlaceOf(page, 'C'));
            byte[] expected = file[(Memory + (z * 2 * Channel) + (c * Channel))..][..Channel];
            Assert.Equal(expected, stack.Read(page).Raw.Bytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Dimensions_lie_where_their_strides_say(int version)
    {
        // Channels fastest, then time, x, z, y.
        var image = new LifBytes.Image("a", [("1", 3, 4), ("2", 2, 24), ("3", 2, 12), ("4", 2, 2)], [0, 1], 48);
        using ImageStack stack = Open(version, image);
        Assert.Equal(("T=2 Z=2 C=2", 3, 2), (stack.Axes.ToString(), stack.Info.Width, stack.Info.Height));
        Assert.Equal<double>([0, 4, 8, 24, 28, 32], ContainerCopy.Values(stack, 0));
        Assert.Equal<double>([15, 19, 23, 39, 43, 47], ContainerCopy.Values(stack, 7));
        Assert.Equal(0.2, stack.Info.PixelSizeMicrometres!.Value, 1e-9);
        ContainerCopy.Write(stack, _folder["a.ome.tif"]);
        Assert.Equal("TZCYX 2x2x2x2x3 uint8", Python.Run("ome_of.py", _folder["a.ome.tif"]));
        using ImageStack copy = ImageStack.Open(_folder["a.ome.tif"]);
        Assert.Contains("TimeIncrement=\"0.5\"", copy.DescriptionOfFirst, StringComparison.Ordinal);
        Assert.Contains("Name=\"Green\"", copy.DescriptionOfFirst, StringComparison.Ordinal);
    }

    [Fact]
    public void Wavelengths_are_channels()
    {
        using ImageStack stack = Open(2, new LifBytes.Image("a", [("1", 3, 1), ("2", 2, 3), ("5", 4, 6)], [0], 24));
        Assert.Equal("C=4", stack.Axes.ToString());
        Assert.Equal(18, ContainerCopy.Values(stack, 3)[0]);
    }

    [Fact]
    public void Twelve_bits_are_read_as_sixteen()
    {
        using ImageStack stack = Open(2, new LifBytes.Image("a", [("1", 3, 2), ("2", 2, 6)], [0], 12, Bits: 12));
        Assert.Equal(SampleType.UInt16, stack.Info.SampleType);
        Assert.Equal<double>([256, 257, 258, 259, 260, 261], ContainerCopy.Values(stack, 0));
    }

    [Fact]
    public void Colours_of_a_camera_are_one_page()
    {
        var image = new LifBytes.Image("a", [("1", 2, 3), ("2", 2, 6)], [0, 1, 2], 12, Colours: true);
        using ImageStack stack = Open(2, image);
        Assert.Equal((3, 1), (stack.Info.Channels, stack.Pages));
        Assert.Equal<double>([1, 4, 7, 10], ContainerCopy.Values(stack, 0, channel: 1));
    }

    [Fact]
    public void Tiles_are_images_of_their_own()
    {
        var image = new LifBytes.Image("m", [("1", 2, 1), ("2", 2, 2), ("10", 3, 4)], [0], 12);
        File.WriteAllBytes(_folder["a"], LifBytes.Of(2, image));
        IEnumerable<string> names = ImageStack.Scenes(_folder["a"]).Select(static scene => scene.Name);
        Assert.Equal(["m tile 0", "m tile 1", "m tile 2"], names);
        using ImageStack stack = ImageStack.Open(_folder["a"], 2);
        Assert.Equal<double>([8, 9, 10, 11], ContainerCopy.Values(stack, 0));
    }

    [Theory]
    [InlineData(1000, "LIF: damaged: the sizes of its image 'a' do not fit its memory")]
    [InlineData(2, "LIF: truncated: the end of its image 'a' is missing")]
    public void Sizes_that_cannot_be_are_refused(int rows, string words)
    {
        byte[] file = LifBytes.Of(2, new LifBytes.Image("a", [("1", 3, 1), ("2", rows, 3)], [0], 6));
        File.WriteAllBytes(_folder["a"], file[..^1]);
        Assert.Equal(words, Assert.Throws<BadImageFileException>(() => ImageStack.Open(_folder["a"])).Message);
    }

    private ImageStack Open(int version, params LifBytes.Image[] images)
    {
        File.WriteAllBytes(_folder["a"], LifBytes.Of(version, images));
        return ImageStack.Open(_folder["a"]);
    }
}
