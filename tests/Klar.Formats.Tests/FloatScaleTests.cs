using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>What is white in a float file, which does not say.</summary>
public sealed class FloatScaleTests : IDisposable
{
    private const int Side = 64;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-0.3, 1.3, null, 0, 1)] // a picture between 0 and 1 with noise
    [InlineData(0, 0.2, null, 0, 1)] // the same, dark
    [InlineData(0, 1, 1e6, 0, 1)] // with a stuck sample
    [InlineData(0, 1, double.NaN, 0, 1)]
    [InlineData(100, 4000, null, 100, 4000)]
    [InlineData(100, 4000, 65535.0, 100, 4000)]
    [InlineData(0, 1e-4, null, 0, 1e-4)] // something else than a picture between 0 and 1
    [InlineData(-3, 1, null, -3, 1)]
    public void White_is_1_or_the_end_of_the_range(
        double least, double most, double? outlier, double black, double white)
    {
        float[] samples = [.. Enumerable.Range(0, Side * Side).Select(i =>
            (float)(least + ((most - least) * i / ((Side * Side) - 1))))];
        if (outlier is { } value)
        {
            samples[1234] = (float)value;
        }

        var unit = new SampleScale(0, 1, Bounded: false);
        ImageFile.Write(_folder["x.tif"], new Image([Plane.From(Side, Side, samples)], unit), SampleType.Float32);
        LoadedImage read = ImageFile.Read(_folder["x.tif"]);
        double near = 0.005 * (white - black);
        Assert.InRange(read.Image.Scale.Black, black - near, black + near);
        Assert.InRange(read.Image.Scale.White, white - near, white + near);

        // Every value is what it was, outliers too.
        ImageFile.Write(_folder["y.tif"], read);
        Assert.Equal(read.Raw.Bytes, ImageFile.Read(_folder["y.tif"]).Raw.Bytes);
    }
}
