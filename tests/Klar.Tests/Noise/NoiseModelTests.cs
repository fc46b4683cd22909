using Klar.Noise;

namespace Klar.Tests.Noise;

public sealed class NoiseModelTests
{
    [Theory]
    [InlineData("gaussian:25", 0.5, 25.0 / 255)]
    [InlineData("poisson:25", 0.5, 0.14142135)]
    [InlineData("poisson:0.5", 0.9, 1.3416408)]
    [InlineData("uniform:0.2", 0.5, 0.05773503)]
    [InlineData("poisson-gaussian:25:10", 0.5, 0.14674849)]
    public void Unclipped_noise_has_zero_mean_and_its_deviation(string text, float level, double deviation)
    {
        Image noisy = NoiseModel.Parse(text).AddTo(Flat(level, 300), clip: false, new RunSettings { Seed = 3 });
        (double mean, double sigma) = Moments(noisy.Planes[0]);
        Assert.Equal(level, mean, 5 * deviation / 300);
        Assert.Equal(deviation, sigma, 0.02 * deviation);
    }

    [Fact]
    public void Clipping_leaves_no_sample_outside_and_shifts_black_by_the_known_amount()
    {
        Image noisy = NoiseModel.Parse("gaussian:25").AddTo(Flat(0, 300), clip: true, new RunSettings());
        (double mean, _) = Moments(noisy.Planes[0]);
        Assert.InRange(noisy.Planes[0].Samples.ToArray().Min(), 0, 0);
        Assert.Equal(25 / 255.0 / Math.Sqrt(2 * Math.PI), mean, 0.001); // E[max(0, n)] = σ / √(2π)
    }

    [Fact]
    public void Salt_and_pepper_hit_their_share()
    {
        float[] samples = NoiseModel.Parse("salt-pepper:0.1").AddTo(
            Flat(0.5f, 300), clip: true, new RunSettings()).Planes[0].Samples.ToArray();
        Assert.Equal(0.05, samples.Count(static s => s == 0) / 90000.0, 0.005);
        Assert.Equal(0.05, samples.Count(static s => s == 1) / 90000.0, 0.005);
        Assert.Equal(0.9, samples.Count(static s => s == 0.5f) / 90000.0, 0.01);
    }

    [Theory]
    [InlineData("gaussian:25")]
    [InlineData("poisson:25")]
    [InlineData("uniform:0.2")]
    [InlineData("poisson-gaussian:25:10")]
    [InlineData("salt-pepper:0.05")]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads(string text)
    {
        NoiseModel noise = NoiseModel.Parse(text);
        var clean = new Image([Support.Samples.Picture(61, 97), Support.Samples.Picture(61, 97, seed: 8)]);
        Image expected = noise.AddTo(clean, clip: true, new RunSettings { Seed = 4, Threads = 1 });
        foreach (int threads in (int[])[2, 3, 8])
        {
            Image actual = noise.AddTo(clean, clip: true, new RunSettings { Seed = 4, Threads = threads });
            Assert.Equal(expected.Planes[1].Samples.ToArray(), actual.Planes[1].Samples.ToArray());
        }

        Image other = noise.AddTo(clean, clip: true, new RunSettings { Seed = 5 });
        Assert.NotEqual(expected.Planes[0].Samples.ToArray(), other.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Channels_get_noise_of_their_own()
    {
        Plane flat = Flat(0.5f, 100).Planes[0];
        Image noisy = new GaussianNoise(25).AddTo(new Image([flat, flat]), clip: false, new RunSettings());
        double r = 0;
        for (int i = 0; i < 10_000; i++)
        {
            r += (noisy.Planes[0].Samples[i] - 0.5) * (noisy.Planes[1].Samples[i] - 0.5);
        }

        Assert.InRange(r / 10_000 / (25 / 255.0 * 25 / 255.0), -0.05, 0.05);
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("gaussian:abc")]
    [InlineData("gaussian:-1")]
    [InlineData("gaussian:nan")]
    [InlineData("poisson:0")]
    [InlineData("salt-pepper:2")]
    [InlineData("poisson-gaussian:25")]
    [InlineData("snow:3")]
    [InlineData("")]
    public void What_is_no_noise_is_refused_and_named(string text)
    {
        FormatException failure = Assert.Throws<FormatException>(() => NoiseModel.Parse(text));
        Assert.Contains($"'{text}'", failure.Message, StringComparison.Ordinal);
    }

    private static Image Flat(float level, int side) =>
        new(Plane.Create(side, side, level, static (samples, value) => samples.Fill(value)));

    private static (double Mean, double Sigma) Moments(Plane plane)
    {
        double[] samples = Array.ConvertAll(plane.Samples.ToArray(), static sample => (double)sample);
        double mean = samples.Average();
        return (mean, Math.Sqrt(samples.Average(sample => (sample - mean) * (sample - mean))));
    }
}
