using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.Noise;

public sealed class HotPixelTests
{
    [Theory]
    [InlineData("gaussian:10")]
    [InlineData("gaussian:40")]
    [InlineData("poisson:30")]
    [InlineData("uniform:0.3")]
    public void Stuck_samples_are_found_and_noise_is_left_alone(string noise)
    {
        // Optics blur: no microscope shows structure of a single sample, which is what a stuck one is told by.
        Image sharp = new GaussianFilter(new GaussianOptions { Sigma = 0.7f }).Denoise(
            new Image(Samples.Picture(200, 160))).Image;
        Image noisy = NoiseModel.Parse(noise).AddTo(sharp, clip: false, new RunSettings());
        Assert.InRange(HotPixels.Find(noisy)[0].Count, 0, 2); // of 32,000

        float[] samples = noisy.Planes[0].Samples.ToArray();
        int[] stuck = [0, 199, 5 * 200 + 7, 80 * 200 + 100, 80 * 200 + 101, (159 * 200) + 50, (40 * 200) + 30];
        foreach (int i in stuck)
        {
            samples[i] = i == stuck[^1] ? -4 : 4;
        }

        IReadOnlyList<int> found = HotPixels.Find(new Image(Plane.From(200, 160, samples), noisy.Scale))[0];
        Assert.Subset(found.ToHashSet(), stuck.ToHashSet());
        Assert.InRange(found.Count, stuck.Length, stuck.Length + 2);
    }

    [Fact]
    public void Fine_structure_without_noise_is_no_hot_pixel()
    {
        // Lines one pixel wide, and a checkerboard.
        float[] samples = new float[100 * 100];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = i % 100 < 50 ? (i % 100 % 8 == 0 ? 1 : 0) : (i + (i / 100)) % 2;
        }

        Assert.Empty(HotPixels.Find(new Image(Plane.From(100, 100, samples)))[0]);
    }

    [Fact]
    public void Repair_puts_the_median_of_the_neighbours_there_and_says_so()
    {
        float[] samples = Samples.Gaussian(40 * 40, seed: 1, sigma: 0.05);
        samples[(20 * 40) + 20] = 3;
        var noisy = new Image(Plane.From(40, 40, samples));
        Denoised result = new HotPixelRepair(new MedianFilter(new MedianOptions { Size = 1 })).Denoise(noisy);
        Assert.InRange(result.Image.Planes[0].Row(20)[20], -0.15f, 0.15f);
        Assert.Equal(samples[0], result.Image.Planes[0].Samples[0]);
        Assert.Equal("auto (1 repaired)", result.Report.Settings["hot-pixels"]);
        Assert.Equal(3, noisy.Planes[0].Row(20)[20]);
    }

    [Fact]
    public void Images_too_small_to_judge_are_left_alone() =>
        Assert.Empty(HotPixels.Find(new Image(Plane.From(2, 2, [0, 0, 0, 100])))[0]);

    [Theory]
    [InlineData(0)]
    [InlineData(0.25f)]
    [InlineData(1)]
    public void Partial_strength_lies_between_input_and_result(float strength)
    {
        var noisy = new Image(Plane.From(30, 20, Samples.Gaussian(600, seed: 2)));
        var filter = new MeanFilter(new MeanOptions());
        Image full = filter.Denoise(noisy).Image;
        Image part = new PartialStrength(filter, strength).Denoise(noisy).Image;
        for (int i = 0; i < 600; i++)
        {
            float a = noisy.Planes[0].Samples[i], b = full.Planes[0].Samples[i];
            Assert.Equal(a + (strength * (b - a)), part.Planes[0].Samples[i], 1e-6f);
        }

        Assert.Throws<OptionOutOfRangeException>(() => new PartialStrength(filter, 1.5f));
    }
}
