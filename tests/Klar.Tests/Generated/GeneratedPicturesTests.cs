using Klar.Generated;
using Klar.Tests.Support;

namespace Klar.Tests.Generated;

public sealed class GeneratedPicturesTests
{
    private static readonly GeneratedPictures Pictures = new(seed: 0, side: 64);

    [Fact]
    [Trait("Category", "Kernel")]
    public void A_picture_is_a_function_of_seed_and_number_with_the_same_bits_everywhere()
    {
        // What is written down here is what the shipped weights were trained on.
        Assert.Equal(4, Enumerable.Range(0, 128).Select(static n => Pictures.KindOf((ulong)n)).Distinct().Count());
        foreach (IGrouping<GeneratedPictures.Kind, ulong> kind in Enumerable.Range(0, 128).Select(static n => (ulong)n)
            .GroupBy(static n => Pictures.KindOf(n)))
        {
            float[] some = [.. kind.Take(4).SelectMany(static n => Pictures.At(n))];
            Assert.Equal(some, kind.Take(4).SelectMany(static n => Pictures.At(n)));
            Fingerprints.Matches($"generated {kind.Key}", some);
        }

        Assert.NotEqual(Pictures.At(3), new GeneratedPictures(seed: 1, side: 64).At(3));
    }

    [Fact]
    public void Samples_lie_between_black_and_white_and_most_pictures_are_not_empty()
    {
        int flat = 0;
        for (ulong number = 0; number < 200; number++)
        {
            float[] picture = Pictures.At(number);
            Assert.All(picture, static sample => Assert.InRange(sample, 0, 1));
            flat += Deviation(picture) < 0.002 ? 1 : 0;
        }

        Assert.InRange(flat, 1, 30);
    }

    [Theory]
    [InlineData(1.5f)]
    [InlineData(0.6f)]
    public void A_blur_keeps_the_mean_of_what_is_far_from_the_border(float sigma)
    {
        var grid = new Grid(40, 30);
        grid.Splat(20.25f, 14.5f, 1);
        Assert.Equal(1, grid.Blurred(sigma).Values.Sum(), 1e-5);
        Assert.Equal(1, 4 * grid.Halved().Values.Sum(), 1e-5);
    }

    [Fact]
    public void Sizes_follow_the_power_law()
    {
        // With density r^-3 from 1 to 16, three quarters and a little more lie below 2: (1 - 1/4) / (1 - 1/256).
        var draws = new Draws(5, 0);
        int below = Enumerable.Range(0, 40_000).Count(_ => draws.Size(1, 16) < 2);
        Assert.InRange(below / 40_000.0, 0.753 - 0.01, 0.753 + 0.01);
    }

    [Fact]
    public void Textures_have_mean_0_and_variance_1()
    {
        foreach (float[] field in Textures.All)
        {
            Assert.Equal(0, field.Average(), 1e-4);
            Assert.Equal(1, Deviation(field), 1e-3);
        }
    }

    private static double Deviation(float[] samples)
    {
        double mean = samples.Average(static sample => (double)sample);
        return Math.Sqrt(samples.Average(sample => (sample - mean) * (sample - mean)));
    }
}
