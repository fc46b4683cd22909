using System.Numerics;
using Klar.Metrics;
using Klar.Noise;
using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Metrics;

public sealed class FourierRingCorrelationTests
{
    [Fact]
    public void The_transform_is_the_sum_that_defines_it()
    {
        const int Side = 8;
        Complex[] values =
        [
            .. Enumerable.Range(0, Side * Side).Select(static i => new Complex((i * 7 % 11) - 5, i * 3 % 5))
        ];
        var transformed = (Complex[])values.Clone();
        FourierTransform.Square(transformed, Side);
        foreach ((int u, int v) in ((int, int)[])[(0, 0), (1, 0), (3, 5), (7, 2), (4, 4)])
        {
            Complex sum = 0;
            for (int i = 0; i < values.Length; i++)
            {
                sum += values[i] * Complex.Exp(
                    new Complex(0, -2 * Math.PI * ((u * (i % Side)) + (v * (i / Side))) / Side));
            }

            Assert.Equal(0, (transformed[(v * Side) + u] - sum).Magnitude, 1e-10);
        }

        Assert.Throws<ArgumentException>(static () => FourierTransform.Square(new Complex[9], 3));
    }

    [Fact]
    public void Equal_pictures_agree_everywhere_and_independent_noise_nowhere()
    {
        Plane picture = Samples.Picture(128, 128);
        Assert.All(
            FourierRingCorrelation.Of(picture, picture).Rings.Skip(1), static ring => Assert.Equal(1, ring, 1e-9));
        var black = new Image(Plane.Create(128, 128, 0, static (_, _) => { }));
        Plane[] noises = [.. Enumerable.Range(0, 2).Select(
            seed => new GaussianNoise(25).AddTo(black, clip: false, new RunSettings { Seed = (ulong)seed }).Planes[0])];
        Assert.All(
            FourierRingCorrelation.Of(noises[0], noises[1]).Rings.Skip(8),
            static ring => Assert.InRange(ring, -0.35, 0.35));
    }

    [Fact]
    public void The_more_noise_the_coarser_is_what_one_picture_resolves()
    {
        var clean = new Image(Samples.Picture(256, 256));
        double[] resolutions = [.. ((float[])[2, 10, 40]).Select(sigma => FourierRingCorrelation.OfOne(
            new GaussianNoise(sigma).AddTo(clean, clip: false, new RunSettings()).Planes[0]).Resolution)];
        Assert.True(resolutions[0] <= resolutions[1] && resolutions[1] < resolutions[2], string.Join(" ", resolutions));
    }

    [Fact]
    public void Pictures_too_small_or_of_two_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(static () => FourierRingCorrelation.OfOne(Samples.Picture(40, 40)));
        Assert.Throws<ArgumentException>(
            static () => FourierRingCorrelation.Of(Samples.Picture(64, 64), Samples.Picture(64, 63)));
    }
}
