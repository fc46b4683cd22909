using Klar.Noise;
using Klar.Numerics;

namespace Klar.Tests.Noise;

public sealed class StabilisedNoiseTests
{
    private const double Gain = 0.1;
    private const int Draws = 20000;

    private static readonly CounterRandom Random = new(5, RandomStream.AddedNoise);
    private static readonly GeneralisedAnscombe Anscombe = new(Gain, 0);

    [Theory]
    [InlineData(1.5)]
    [InlineData(4)]
    [InlineData(9)]
    public void Normal_noise_becomes_that_of_transformed_photons(double photons)
    {
        double[] wanted =
        [
            .. Enumerable.Range(0, Draws).Select(i => Anscombe.Forward(Gain * Random.Poisson(photons, (ulong)i)))
        ];
        double brightness = wanted.Average();
        StabilisedNoise shape = Shape();
        double[] got = [.. Enumerable.Range(0, Draws).Select(
            i => (double)shape.Of(brightness, (float)Random.Normal((ulong)(i + Draws))))];
        Assert.Equal(0, got.Average(), 0.04);
        Assert.Equal(1, got.Average(static value => value * value), 0.06);

        // Third moments: photons that come seldom are not symmetric even after the transform.
        double deviation = Math.Sqrt(wanted.Average(value => (value - brightness) * (value - brightness)));
        double skewness = wanted.Average(value => Math.Pow((value - brightness) / deviation, 3));
        Assert.Equal(skewness, got.Average(static value => value * value * value), 0.2);
    }

    [Fact]
    public void More_noise_in_is_more_noise_out_and_the_dark_is_like_normal()
    {
        StabilisedNoise shape = Shape();
        float[] along = [.. Enumerable.Range(-40, 81).Select(i => shape.Of(Anscombe.Forward(0.5), i / 10f))];
        Assert.All(along.Zip(along.Skip(1)), static pair => Assert.True(pair.Second >= pair.First));
        Assert.Equal(1.25f, shape.Of(Anscombe.Forward(0), 1.25f), 1e-5);
    }

    private static StabilisedNoise Shape() => new(
        Anscombe, Gain, 0, 0, Anscombe.Forward(0), Anscombe.Forward(1),
        new CounterRandom(0, RandomStream.StabilisedNoise));
}
