using Klar.Imaging;
using Klar.Metrics;
using Klar.Noise;
using Klar.NonLocal.Bm3d;
using Klar.SelfSupervised.Klar;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class KlarDenoiserTests
{
    private static readonly KlarOptions Short = new() { Sigma = 25 / 255f, Effort = Effort.Fast, Steps = 150 };

    [Fact]
    public void It_is_better_than_its_pilot()
    {
        var clean = new Image(Samples.Picture(128, 128));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        Denoised result = new KlarDenoiser(Short).Denoise(noisy);
        double pilot = ImageQuality.Of(clean, new Bm3dDenoiser(new Bm3dOptions { Sigma = Short.Sigma }).Denoise(noisy).Image, 1).Psnr!.Value;
        Assert.True(ImageQuality.Of(clean, result.Image, 1).Psnr > pilot - 0.02, $"{ImageQuality.Of(clean, result.Image, 1).Psnr} dB, the pilot {pilot}");
        Assert.Matches("^bm3d [01].[0-9][0-9], network [01].[0-9][0-9]$", result.Report.Settings["weights"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Doubtful_noise_is_denoised_too(bool stabilised)
    {
        var clean = new Image(Samples.Picture(96, 96));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        var noise = new AdditiveNoise(25 / 255f) { Stabilised = stabilised, Clipped = !stabilised, Levels = [(0.2, 24 / 255.0), (0.7, 26 / 255.0)], Slope = stabilised ? static sample => sample + 0.5f : null };
        Image result = new KlarDenoiser(noise, Short).Denoise(noisy).Image;
        Assert.True(ImageQuality.Of(clean, result, 1).Psnr > ImageQuality.Of(clean, noisy, 1).Psnr + 5);
    }

    [Fact]
    public void Three_channels_are_taken_together()
    {
        Plane plane = Samples.Picture(64, 64);
        Image noisy = new GaussianNoise(25).AddTo(new Image([plane, plane, plane]), clip: false, new RunSettings());
        var alone = new Image(noisy.Planes[0]);
        double together = ImageQuality.Of(new Image(plane), new Image(new KlarDenoiser(Short).Denoise(noisy).Image.Planes[0]), 1).Psnr!.Value;
        Assert.True(together > ImageQuality.Of(new Image(plane), new KlarDenoiser(Short).Denoise(alone).Image, 1).Psnr + 1);
    }

    [Fact]
    public void Levels_are_joined_by_lines()
    {
        var noise = new AdditiveNoise(0.5f) { Levels = [(0.2, 0.1), (0.4, 0.3)] };
        Assert.Equal([0.1f, 0.1f, 0.2f, 0.3f, 0.3f], new[] { 0f, 0.2f, 0.3f, 0.4f, 1f }.Select(noise.At), static (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(0.5f, new AdditiveNoise(0.5f).At(0.3f));
    }
}
