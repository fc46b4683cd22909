using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>OME-TIFF files that hold an image together.</summary>
public sealed class OmeSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [InlineData("multifile-Z1.ome.tiff")]
    [InlineData("multifile-Z4.ome.tiff")]
    [InlineData("multifile.companion.ome")]
    public void The_image_is_whole_from_any_of_its_files(string name)
    {
        using ImageStack stack = ImageStack.Open(SharedData.PathOf("stacks/ome/" + name));
        Assert.Equal(("Z=5", "OME-XML", null), (stack.Axes.ToString(), stack.Axes.Source, stack.Warning));
        for (int z = 0; z < 5; z++)
        {
            // A file that stands alone has its own plane.
            string own = $"multifile-Z{z + 1}.ome.tiff";
            File.Copy(SharedData.PathOf("stacks/ome/" + own), _folder[own]);
            using ImageStack plane = ImageStack.Open(_folder[own]);
            Assert.Equal(1, plane.Pages);
            Assert.Equal(plane.Read(0).Raw.Bytes, stack.Read(z).Raw.Bytes);
            File.Delete(_folder[own]);
        }

        ContainerCopy.Write(stack, _folder["one.ome.tif"]);
        Assert.Equal("ZYX 5x24x18 uint8", Python.Run("ome_of.py", _folder["one.ome.tif"]));
        Assert.Null(ImageFile.FirstOfSet(_folder["one.ome.tif"]));
    }

    [SharedFact]
    public void A_companion_without_its_files_says_which_is_missing()
    {
        File.Copy(SharedData.PathOf("stacks/ome/multifile.companion.ome"), _folder["multifile.companion.ome"]);
        BadImageFileException failure =
            Assert.Throws<BadImageFileException>(() => ImageStack.Open(_folder["multifile.companion.ome"]));
        Assert.Equal("OME-XML: its file multifile-Z1.ome.tiff is missing", failure.Message);
    }

    [Fact]
    public void Planes_are_found_in_any_order_of_dimensions()
    {
        Python.Run("make_ome_set.py", _folder.Path);
        using ImageStack stack = ImageStack.Open(_folder["frame 1.ome.tif"]);
        Assert.Equal("C=2 Z=3 T=2", stack.Axes.ToString());
        Assert.Equal(["a", "b"], stack.ChannelNames);
        for (int page = 0; page < stack.Pages; page++)
        {
            StackAxes axes = stack.Axes;
            int value = (100 * axes.PlaceOf(page, 'C')) + (10 * axes.PlaceOf(page, 'Z')) + axes.PlaceOf(page, 'T');
            Assert.Equal(value, ContainerCopy.Values(stack, page)[0]);
        }
    }
}
