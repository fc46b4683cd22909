using Klar.Metrics;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.Catalogue;

public sealed class AutoDenoiserTests
{
    private static readonly AutoOptions Short = new() { Effort = Effort.Fast, Steps = 60 };

    public static TheoryData<string> Untouchable => ["constant", "black", "white", "text", "smooth", "tiny"];

    [Theory]
    [MemberData(nameof(Untouchable))]
    public void Pictures_without_noise_stay_as_they_are(string kind)
    {
        Image clean = Picture(kind);
        Denoised result = new AutoDenoiser(Short).Denoise(clean);
        Assert.Equal(clean.Planes[0].Samples.ToArray(), result.Image.Planes[0].Samples.ToArray());
        Assert.StartsWith("nothing", result.Report.Settings["why"], StringComparison.Ordinal);
        Assert.Equal("none", result.Report.Settings["chosen"]);
    }

    [Theory]
    [InlineData("gaussian:25", "klar")]
    [InlineData("poisson:25", "klar")]
    [InlineData("salt-pepper:0.02", "hot-pixel repair")]
    public void Noise_is_taken_out_by_what_suits_it(string noise, string chosen)
    {
        var clean = new Image(Samples.Picture(160, 160));
        Image noisy = NoiseModel.Parse(noise).AddTo(clean, clip: true, new RunSettings());
        Denoised result = new AutoDenoiser(Short).Denoise(noisy);
        Assert.Equal(chosen, result.Report.Settings["chosen"]);
        double blurred = Psnr(clean, new GaussianFilter(new GaussianOptions()).Denoise(noisy).Image);
        Assert.True(
            Psnr(clean, result.Image) > Math.Max(blurred, Psnr(clean, noisy)),
            $"{Psnr(clean, result.Image)} dB, a blur {blurred} dB");
    }

    [Theory]
    [InlineData(0.002f)]
    [InlineData(0.02f)]
    public void Where_single_pixels_are_all_the_noise_only_they_are_changed(float density)
    {
        Image clean = new GaussianNoise(1).AddTo(Picture("smooth"), clip: true, new RunSettings { Seed = 4 });
        Image noisy = new SaltPepperNoise(density).AddTo(clean, clip: true, new RunSettings());
        Denoised result = new AutoDenoiser(Short).Denoise(noisy);
        Assert.Equal("hot-pixel repair", result.Report.Settings["chosen"]);
        Assert.True(Psnr(clean, result.Image) > Psnr(clean, noisy) + 10, $"{Psnr(clean, result.Image)} dB");
        Assert.Equal(
            "off", new AutoDenoiser(Short with { HotPixels = false }).Denoise(noisy).Report.Settings["hot-pixels"]);
    }

    [Fact]
    public void A_level_that_is_told_is_taken()
    {
        var clean = new Image(Samples.Picture(96, 96));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        Denoised result = new AutoDenoiser(Short, new NoiseHandling { Sigma = 25 / 255f }).Denoise(noisy);
        Assert.Null(result.Report.SigmaEstimated);
        Assert.Equal("25", result.Report.Settings["sigma"]);
    }

    [Fact]
    public void Texture_that_is_read_as_noise_stays()
    {
        var clean = new Image(Samples.Picture(160, 160));
        Assert.True(
            NoiseEstimator.Estimate(clean).Sigma > 0.015, "the picture is not read as noisy, and shows nothing");
        Denoised result = new AutoDenoiser(Short).Denoise(clean);
        Assert.Contains("texture", result.Report.Settings["why"], StringComparison.Ordinal);
        Assert.Equal(clean.Planes[0].Samples.ToArray(), result.Image.Planes[0].Samples.ToArray());
    }

    private static double Psnr(Image clean, Image test) =>
        ImageQuality.Of(clean, test, 1).Psnr ?? double.PositiveInfinity;

    private static Image Picture(string kind) => kind switch
    {
        "constant" => Of(64, 48, static (_, _) => 0.4f),
        "black" => Of(64, 48, static (_, _) => 0),
        "white" => Of(64, 48, static (_, _) => 1),

        // Black strokes on white, as a scanned page has them.
        "text" => Of(160, 120, static (x, y) => y % 12 < 8 && (x * 7 / 3 % 5) + (y % 4) < 3 ? 0 : 1),
        "smooth" => Of(128, 128, static (x, y) => 0.5f + (0.3f * MathF.Sin(x / 20f) * MathF.Cos(y / 25f))),
        _ => Of(3, 2, static (x, y) => (x + y) / 4f),
    };

    private static Image Of(int width, int height, Func<int, int, float> sample) =>
        new(Plane.From(
            width, height, [.. Enumerable.Range(0, width * height).Select(i => sample(i % width, i / width))]));
}
