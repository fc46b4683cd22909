using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>LSM and STK, made by make_lsm_stk.py, which lets tifffile say what it sees in them.</summary>
public sealed class LsmStkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _seen;

    public LsmStkTests() => _seen = Python.Run("make_lsm_stk.py", _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("series.lsm", "T=3 Z=4 C=2", "LSM", "TCZYX 3x2x4x40x50")]
    [InlineData("packed.lsm", "Z=4 C=2", "LSM", "CZYX 2x4x40x50")]
    [InlineData("one channel.lsm", "T=6", "LSM", "TYX 6x40x50")]
    [InlineData("depth.stk", "Z=5", "STK", "ZYX 5x40x50")]
    [InlineData("time.tif", "T=5", "STK", "TYX 5x40x50")]
    public void Axes_and_samples_are_those_that_tifffile_sees(string name, string axes, string source, string seen)
    {
        Assert.Contains($"{name} {seen}", _seen, StringComparison.Ordinal);
        using ImageStack stack = ImageStack.Open(_folder[name]);
        Assert.Equal((axes, source), (stack.Axes.ToString(), stack.Axes.Source));
        Assert.Equal((50, 40, SampleType.UInt16), (stack.Info.Width, stack.Info.Height, stack.Info.SampleType));
        Assert.Equal(0.25, stack.Info.PixelSizeMicrometres!.Value, 1e-9);
        for (int page = 0; page < stack.Pages; page++)
        {
            double[] expected = [.. Enumerable.Range(page * 2000, 2000).Select(static i => (double)(i / 9 % 1024))];
            Assert.Equal(expected, ContainerCopy.Values(stack, page));
        }
    }

    [Fact]
    public void What_LSM_says_is_in_the_OME_TIFF()
    {
        using ImageStack stack = ImageStack.Open(_folder["series.lsm"]);
        Assert.Equal(["Ch1-T1", "Ch2 T2"], stack.ChannelNames);
        ContainerCopy.Write(stack, _folder["a.ome.tif"]);
        Assert.Equal("TZCYX 3x4x2x40x50 uint16", Python.Run("ome_of.py", _folder["a.ome.tif"]));
        using ImageStack copy = ImageStack.Open(_folder["a.ome.tif"]);
        string[] said =
        [
            "PhysicalSizeY=\"0.5\"", "PhysicalSizeZ=\"2\"", "TimeIncrement=\"1.5\"", "Color=\"16724991\"",
            "TheZ=\"3\" TheT=\"2\" TheC=\"1\" DeltaT=\"3\" DeltaTUnit=\"s\"",
        ];
        Assert.All(said, text => Assert.Contains(text, copy.DescriptionOfFirst, StringComparison.Ordinal));
    }

    [Fact]
    public void What_STK_says_is_in_the_OME_TIFF()
    {
        using ImageStack stack = ImageStack.Open(_folder["depth.stk"]);
        ContainerCopy.Write(stack, _folder["a.ome.tif"]);
        using ImageStack copy = ImageStack.Open(_folder["a.ome.tif"]);
        string[] said =
        [
            "PhysicalSizeZ=\"1.5\"", "Name=\"a stack\"", "<AcquisitionDate>2024-02-03T00:01:00</AcquisitionDate>",
            "EmissionWavelength=\"525\"", "TheZ=\"4\" TheT=\"0\" TheC=\"0\" DeltaT=\"8\" DeltaTUnit=\"s\"",
        ];
        Assert.All(said, text => Assert.Contains(text, copy.DescriptionOfFirst, StringComparison.Ordinal));
    }
}
