using Klar.Tests.Support;

namespace Klar.Tests;

public sealed class SeparateChannelsTests
{
    [Fact]
    public void Each_channel_is_what_it_would_be_alone()
    {
        var image = new Image([Samples.Picture(40, 30, 1), Samples.Picture(40, 30, 2), Samples.Picture(40, 30, 3)]);
        var bm3d = new Bm3dDenoiser(new Bm3dOptions { Sigma = 0.1f });
        Denoised result = new SeparateChannels(bm3d).Denoise(image);
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal(
                bm3d.Denoise(new Image(image.Planes[c])).Image.Planes[0].Samples.ToArray(),
                result.Image.Planes[c].Samples.ToArray());
        }

        Assert.Equal("separate", result.Report.Settings["channels"]);
        Assert.NotEqual(
            bm3d.Denoise(image).Image.Planes[0].Samples.ToArray(), result.Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Progress_goes_on_over_all_channels()
    {
        var image = new Image([Samples.Picture(40, 30, 1), Samples.Picture(40, 30, 2)]);
        var heard = new List<double>();
        new SeparateChannels(new Bm3dDenoiser(new Bm3dOptions { Sigma = 0.1f })).Denoise(image, new Heard(heard));
        Assert.Equal(heard.Order(), heard);
        Assert.Equal(1, heard[^1], 1e-9);
    }

    private sealed class Heard(List<double> heard) : IProgress<DenoiseProgress>
    {
        public void Report(DenoiseProgress value) => heard.Add(value.Fraction);
    }
}
