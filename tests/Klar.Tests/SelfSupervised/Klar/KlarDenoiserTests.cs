using Klar.Metrics;
using Klar.Networks;
using Klar.Noise;
using Klar.Prior;
using Klar.SelfSupervised.Klar;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class KlarDenoiserTests
{
    private static readonly KlarOptions Short = new() { Sigma = 25 / 255f, Effort = Effort.Fast, Steps = 3 };

    [Fact]
    public void It_is_better_than_each_of_its_parts()
    {
        var clean = new Image(Samples.Picture(128, 128));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        Denoised result = new KlarDenoiser(Short).Denoise(noisy);
        IDenoiser[] parts =
        [
            new NlRidgeDenoiser(new NlRidgeOptions { Sigma = Short.Sigma }),
            new PriorDenoiser(new PriorOptions { Sigma = Short.Sigma }),
        ];
        double reached = Psnr(clean, result.Image);
        Assert.All(parts, part => Assert.True(
            reached > Psnr(clean, part.Denoise(noisy).Image) + 0.05,
            $"{reached} dB, {part} {Psnr(clean, part.Denoise(noisy).Image)}"));
        Assert.Matches("^nl-ridge [01].[0-9][0-9], prior [01].[0-9][0-9]$", result.Report.Settings["weights"]);
    }

    [Theory] // not a kernel test: without SIMD each takes 80 s, and DenoiserLawTests runs klar there
    [InlineData(Effort.Normal)]
    [InlineData(Effort.Best)]
    public void Every_effort_has_the_same_bits_as_ever(Effort effort)
    {
        Image noisy = new GaussianNoise(25).AddTo(new Image(Samples.Picture(48, 48)), clip: false, new RunSettings());
        Denoised result = new KlarDenoiser(Short with { Effort = effort, Steps = 5 }).Denoise(noisy);
        Fingerprints.Matches(
            $"klar {effort.ToString().ToLowerInvariant()}, 48 x 48, 5 steps", result.Image.Planes[0].Samples);
    }

    [Fact]
    public void The_prior_gets_better_as_it_is_adapted()
    {
        // A weave, which is rare among generated pictures.
        var clean = new Image(Plane.Create(96, 96, 0, static (to, _) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = 0.5f + (0.3f * MathF.Sin(i % 96 * 1.3f) * MathF.Cos(i / 96 * 1.1f));
            }
        }));
        Image noisy = new GaussianNoise(40).AddTo(clean, clip: false, new RunSettings());
        double Reached(int steps)
        {
            float[] samples = noisy.Planes[0].Samples.ToArray();
            KlarPlan plan = new([], steps, Orientations: 1);
            var task = new KlarTask(
                [samples], 96, 96, [40 / 255f], null, null, plan, 0, new RunSettings(), default);
            return Psnr(clean, new Image(Plane.From(96, 96, task.Run(static _ => { })[0])));
        }

        (double before, double after) = (Reached(0), Reached(40));
        Assert.True(after > before + 1, $"{before} dB, adapted {after}");
    }

    [Fact]
    public void Networks_frozen_after_fast_are_used_by_normal()
    {
        var clean = new Image(Samples.Picture(64, 64));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        var start = new WarmStart();
        _ = new KlarDenoiser(Short, new RunSettings { WarmStart = start }).Denoise(noisy);
        KlarOptions normal = Short with { Effort = Effort.Normal };
        Denoised result = new KlarDenoiser(normal, new RunSettings { WarmStart = start.Frozen() }).Denoise(noisy);
        Assert.Equal(3, result.Report.Settings["weights"].Split(", ").Length);
        Assert.True(Psnr(clean, result.Image) > Psnr(clean, noisy) + 5);
    }

    [Fact]
    public void Each_channel_keeps_its_own_network_whether_or_not_others_have_noise()
    {
        Image noisy = new GaussianNoise(25).AddTo(new Image(Samples.Picture(48, 48)), clip: false, new RunSettings());
        Plane flat = Plane.Create(48, 48, 0.4f, static (to, level) => to.Fill(level));
        var start = new WarmStart();
        KlarOptions measured = Short with { Sigma = null };
        var both = new Image([flat, noisy.Planes[0]]);
        _ = new KlarDenoiser(measured, new RunSettings { WarmStart = start }).Denoise(both);
        ConvolutionStack shape = PriorModel.Shipped.Network.Parameters;
        float[] parameters = new float[shape.ParameterCount];
        Assert.False(start.TryTake("klar.0", shape, parameters));
        Assert.True(start.TryTake("klar.1", shape, parameters));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Doubtful_noise_is_denoised_too(bool stabilised)
    {
        var clean = new Image(Samples.Picture(96, 96));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        var noise = new AdditiveNoise(25 / 255f)
        {
            Stabilised = stabilised,
            Clipped = !stabilised,
            Levels = [(0.2, 24 / 255.0), (0.7, 26 / 255.0)],
            Slope = stabilised ? static sample => sample + 0.5f : null,
        };
        Image result = new KlarDenoiser(noise, Short).Denoise(noisy).Image;
        Assert.True(ImageQuality.Of(clean, result, 1).Psnr > ImageQuality.Of(clean, noisy, 1).Psnr + 5);
    }

    [Fact]
    public void Three_channels_are_taken_together()
    {
        Plane plane = Samples.Picture(64, 64);
        Image noisy = new GaussianNoise(25).AddTo(new Image([plane, plane, plane]), clip: false, new RunSettings());
        var alone = new Image(noisy.Planes[0]);
        double together = ImageQuality.Of(
            new Image(plane), new Image(new KlarDenoiser(Short).Denoise(noisy).Image.Planes[0]), 1).Psnr!.Value;
        Assert.True(
            together > ImageQuality.Of(new Image(plane), new KlarDenoiser(Short).Denoise(alone).Image, 1).Psnr + 1);
    }

    [Fact]
    public void Levels_are_joined_by_lines()
    {
        var noise = new AdditiveNoise(0.5f) { Levels = [(0.2, 0.1), (0.4, 0.3)] };
        Assert.Equal(
            [0.1f, 0.1f, 0.2f, 0.3f, 0.3f], new[] { 0f, 0.2f, 0.3f, 0.4f, 1f }.Select(noise.At),
            static (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(0.5f, new AdditiveNoise(0.5f).At(0.3f));
    }

    private static double Psnr(Image clean, Image image) => ImageQuality.Of(clean, image, 1).Psnr!.Value;
}
