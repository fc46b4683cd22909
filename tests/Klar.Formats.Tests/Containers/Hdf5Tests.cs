using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>HDF5 as h5py writes it, plain and laid out as Imaris does: make_hdf5.py.</summary>
public sealed class Hdf5Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Hdf5Tests() => Python.Run("make_hdf5.py", _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_dataset_is_an_image_with_the_axes_and_sizes_that_its_attributes_say()
    {
        using ImageStack stack = ImageStack.Open(_folder["one.h5"]);
        Assert.Equal(("C=2 Z=3", "HDF5"), (stack.Axes.ToString(), stack.Axes.Source));
        Assert.Equal(SampleType.UInt16, stack.Info.SampleType);
        Assert.Equal((0.5, 2.0), (stack.Info.PixelSizeMicrometres, stack.Contained.PixelSize.Z));
        RefuseOthers(stack);
    }

    [Fact]
    public void Datasets_are_images_by_their_paths()
    {
        string[] names = [.. ImageStack.Scenes(_folder["many sets.h5"]).Select(static scene => scene.Name)];
        Assert.Equal(["/doubles", "/raw/mask", "/raw/volume", "/signed"], names.Order(StringComparer.Ordinal));
        foreach (string name in names)
        {
            int scene = ImageStack.SceneOf(_folder["many sets.h5"], name);
            using ImageStack stack = ImageStack.Open(_folder["many sets.h5"], scene);
            RefuseOthers(stack);
        }

        BadImageFileException failure =
            Assert.Throws<BadImageFileException>(() => ImageStack.SceneOf(_folder["many sets.h5"], "/raw"));
        Assert.StartsWith("there is no dataset /raw: it holds ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_that_are_missing_are_the_fill_value()
    {
        using ImageStack stack = ImageStack.Open(_folder["sparse.h5"]);
        double[] values = ContainerCopy.Values(stack, 0);
        Assert.Equal((1, 7), ((int)values[999], (int)values[1000]));
        Assert.Equal(7, ContainerCopy.Values(stack, 1)[0]);
    }

    [Fact]
    public void Links_that_lead_round_or_nowhere_are_not_followed() =>
        Assert.Equal("/a", Assert.Single(ImageStack.Scenes(_folder["links.h5"])).Name);

    [Fact]
    public void Of_twenty_gigabytes_a_page_is_read_alone()
    {
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using ImageStack stack = ImageStack.Open(_folder["huge.h5"]);
        Assert.Equal(5000, stack.Pages);
        Assert.Equal(0, stack.Read(4999).Raw.Bytes[^1]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 << 20);
    }

    [Fact]
    public void An_Imaris_file_is_one_image_with_all_that_it_says()
    {
        using ImageStack stack = ImageStack.Open(_folder["x.ims"]);
        Assert.Equal(("T=3 C=2 Z=3", "Imaris"), (stack.Axes.ToString(), stack.Axes.Source));
        Assert.Equal(SampleType.UInt16, stack.Info.SampleType);
        Assert.Equal((50, 40, 0.25), (stack.Info.Width, stack.Info.Height, stack.Info.PixelSizeMicrometres));
        Assert.Equal(["DAPI", "GFP"], stack.ChannelNames);
        RefuseOthers(stack);
        ContainerCopy.Write(stack, _folder["x.ome.tif"]);
        Assert.Equal("TCZYX 3x2x3x40x50 uint16", Python.Run("ome_of.py", _folder["x.ome.tif"]));
        using ImageStack copy = ImageStack.Open(_folder["x.ome.tif"]);
        string[] said =
        [
            "Name=\"cells in a dish\"", "PhysicalSizeZ=\"2\"", "TimeIncrement=\"5\"", "2024-02-03T04:05:06",
            "EmissionWavelength=\"525.5\"", "ExcitationWavelength=\"475.5\"", "Color=\"16711935\"",
        ];
        Assert.All(said, text => Assert.Contains(text, copy.DescriptionOfFirst, StringComparison.Ordinal));
    }

    /// <summary>Sample number i of a dataset has the value i // 9 % 1024.</summary>
    private static void RefuseOthers(ImageStack stack)
    {
        int area = stack.Info.Width * stack.Info.Height;
        for (int page = 0; page < stack.Pages; page++)
        {
            int mask = stack.Info.SampleType == SampleType.UInt8 ? 255 : 1023;
            double[] expected = [.. Enumerable.Range(page * area, area).Select(i => (double)((i / 9 % 1024) & mask))];
            Assert.Equal(expected, ContainerCopy.Values(stack, page));
        }
    }
}
