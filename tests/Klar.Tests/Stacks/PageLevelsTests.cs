using Klar.Noise;
using Klar.Noise.Structured;
using Klar.Tests.Support;

namespace Klar.Tests.Stacks;

public sealed class PageLevelsTests
{
    private const int Pages = 12;
    private const double Dark = 0.1;
    private static readonly double[] Flicker = [1, 1.1, 0.93, 1.04, 0.9, 1.08, 0.96, 1.1, 0.91, 1.02, 0.98, 1.07];

    [Fact]
    public void Flicker_and_bleaching_of_a_moving_scene_are_measured()
    {
        PageLevels levels = PageLevels.Of(Pages, Page);
        for (int page = 0; page < Pages; page++)
        {
            Assert.InRange(levels.Gains[page] / Gain(page), 0.98, 1.02);
        }

        double least = Enumerable.Range(0, Pages).Min(Gain), most = Enumerable.Range(0, Pages).Max(Gain);
        Assert.InRange(levels.Drift, ((most - least) / most) - 0.02, ((most - least) / most) + 0.02);
    }

    [Fact]
    public void Levelled_pages_have_the_level_of_the_first_and_can_be_restored()
    {
        PageLevels levels = PageLevels.Of(Pages, Page);
        Image last = Page(Pages - 1), levelled = levels.Levelled(Pages - 1, last);

        // The dark floor stays where it is, and the light is that of the first page.
        Assert.InRange(Mean(levelled) / Mean(Page(0)), 0.98, 1.02);
        Image restored = levels.Restored(Pages - 1, levelled);
        Assert.Equal(Mean(last), Mean(restored), 1e-5);
        Assert.Equal(last.Planes[0].Row(7)[9], restored.Planes[0].Row(7)[9], 1e-5);
    }

    [Fact]
    public void Pages_of_one_level_do_not_drift()
    {
        PageLevels levels = PageLevels.Of(6, page => Noisy(Scene(page), page));
        Assert.InRange(levels.Drift, 0, 0.02);
        Assert.Equal(0, PageLevels.Of(1, Page).Drift);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Noise_that_pages_share_is_seen(double share)
    {
        float[] common = Samples.Gaussian(128 * 128, seed: 50, Math.Sqrt(share) * 0.1);
        double? found = SharedNoise.Correlation(With(1), With(2));
        Assert.InRange(Assert.NotNull(found), share - 0.05, share + 0.05);

        Image With(ulong seed)
        {
            float[] samples = Samples.Gaussian(128 * 128, seed, Math.Sqrt(1 - share) * 0.1);
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] += common[i] + (0.2f * MathF.Sin((i % 128) / 9f) * MathF.Cos((i / 128) / 7f));
            }

            return new Image(Plane.From(128, 128, samples));
        }
    }

    [Fact]
    public void A_fixed_pattern_is_taken_out_by_dark_frames()
    {
        var scale = new SampleScale(100, 4100, Bounded: true);
        float[] pattern = Samples.Gaussian(128 * 128, seed: 9, 0.05);
        float[] Noise(int frame) => Samples.Gaussian(128 * 128, (ulong)(200 + frame), 0.05);
        FixedPattern found = FixedPattern.Of(Enumerable.Range(0, 50).Select(
            frame => new Image(Plane.From(128, 128, Sum(Noise(frame), pattern)), scale)));
        Assert.InRange(found.Sigma / scale.Range, 0.05, 0.052);

        // The same camera, and a file of another range.
        var other = new SampleScale(100, 2100, Bounded: true);
        Image clean = new(Scene(1).Planes, other);
        float[] twice = [.. pattern.Select(static one => 2 * one)];
        Image corrected = found.RemovedFrom(
            new Image(Plane.From(128, 128, Sum(clean.Planes[0].Samples.ToArray(), twice)), other));
        double error = Math.Sqrt(corrected.Planes[0].Samples.ToArray()
            .Zip(clean.Planes[0].Samples.ToArray(), static (a, b) => (double)(a - b) * (a - b)).Average());
        Assert.InRange(error / 0.1, 0, 0.16);
        Assert.Throws<UnsuitableImageException>(() => found.RemovedFrom(new Image(Samples.Picture(64, 128))));
    }

    private static double Gain(int page) => Flicker[page] * Math.Pow(0.5, page / (Pages - 1.0));

    private static Image Page(int page)
    {
        float[] light = [.. Scene(page).Planes[0].Samples.ToArray().Select(
            one => (float)(Dark + (Gain(page) * (one - Dark))))];
        return Noisy(new Image(Plane.From(128, 128, light)), page);
    }

    private static Image Noisy(Image clean, int page) =>
        new GaussianNoise(10).AddTo(clean, clip: false, new RunSettings { Seed = (ulong)page });

    /// <summary>A picture with a disc that moves.</summary>
    private static Image Scene(int page)
    {
        float[] samples = Samples.Picture(128, 128).Samples.ToArray();
        for (int i = 0; i < samples.Length; i++)
        {
            double dx = (i % 128) - 20 - (8 * page), dy = (i / 128) - 60;
            samples[i] = (dx * dx) + (dy * dy) < 150 ? 0.9f : samples[i];
        }

        return new Image(Plane.From(128, 128, samples));
    }

    private static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, static (x, y) => x + y)];

    private static double Mean(Image image) => image.Planes[0].Samples.ToArray().Average(static one => (double)one);
}
