using Klar.Numerics;

namespace Klar.Tests.Numerics;

public sealed class CounterRandomTests
{
    [Fact]
    public void Philox_gives_the_known_answers_of_its_authors()
    {
        // kat_vectors of Random123: philox 4x32-10.
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), CounterRandom.Philox(0, 0, 0, 0, 0, 0));
        const uint F = uint.MaxValue;
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), CounterRandom.Philox(F, F, F, F, F, F));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            CounterRandom.Philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void Normal_numbers_have_the_normal_moments()
    {
        const int N = 200_000;
        var random = new CounterRandom(1, RandomStream.AddedNoise);
        double sum = 0, squares = 0, cubes = 0, fourths = 0;
        for (ulong i = 0; i < N; i++)
        {
            double x = random.Normal(i);
            (sum, squares, cubes, fourths) =
                (sum + x, squares + (x * x), cubes + (x * x * x), fourths + (x * x * x * x));
        }

        // Five standard errors: the variances of x, x², x³, x⁴ are 1, 2, 15, 96.
        Assert.InRange(sum / N, -5 / Math.Sqrt(N), 5 / Math.Sqrt(N));
        Assert.InRange((squares / N) - 1, -5 * Math.Sqrt(2.0 / N), 5 * Math.Sqrt(2.0 / N));
        Assert.InRange(cubes / N, -5 * Math.Sqrt(15.0 / N), 5 * Math.Sqrt(15.0 / N));
        Assert.InRange((fourths / N) - 3, -5 * Math.Sqrt(96.0 / N), 5 * Math.Sqrt(96.0 / N));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.0227501319481792, -2)]
    [InlineData(1e-10, -6.361340902404056)]
    public void The_normal_quantile_matches_tables(double p, double x) => Assert.Equal(x, NormalQuantile.Of(p), 1e-12);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.7)]
    [InlineData(5)]
    [InlineData(11.9)]
    [InlineData(12.1)]
    [InlineData(100)]
    [InlineData(25_000)]
    [InlineData(1_000_000)]
    public void Poisson_numbers_have_the_mean_and_variance_of_their_mean(double mean)
    {
        const int N = 100_000;
        var random = new CounterRandom(2, RandomStream.AddedNoise);
        double sum = 0, squares = 0;
        for (ulong i = 0; i < N; i++)
        {
            double d = random.Poisson(mean, i) - mean;
            (sum, squares) = (sum + d, squares + (d * d));
        }

        // Five standard errors; the variance of the squared deviation is mean + 2 mean².
        double allowed = 5 * Math.Sqrt(mean / N);
        Assert.InRange(sum / N, -allowed, allowed);
        double allowedVariance = 5 * Math.Sqrt((mean + (2 * mean * mean)) / N);
        Assert.InRange((squares / N) - mean, -allowedVariance, allowedVariance);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void Poisson_counts_follow_the_distribution(double mean)
    {
        const int N = 100_000;
        var random = new CounterRandom(3, RandomStream.Thinning);
        int[] counts = new int[80];
        for (ulong i = 0; i < N; i++)
        {
            counts[random.Poisson(mean, i)]++;
        }

        double chiSquared = 0;
        int cells = 0;
        double probability = Math.Exp(-mean);
        for (int k = 0; k < counts.Length; k++)
        {
            double expected = N * probability;
            if (expected >= 10)
            {
                chiSquared += (counts[k] - expected) * (counts[k] - expected) / expected;
                cells++;
            }

            probability *= mean / (k + 1);
        }

        // χ² has mean cells − 1 and variance twice that; five standard deviations.
        Assert.InRange(chiSquared, 0, cells + (5 * Math.Sqrt(2.0 * cells)));
    }

    [Fact]
    public void A_mean_of_zero_gives_no_photons() =>
        Assert.Equal(0, new CounterRandom(1, RandomStream.AddedNoise).Poisson(0, 5));

    [Fact]
    public void Streams_are_independent_under_the_same_seed()
    {
        const int N = 40_000;
        RandomStream[] streams = Enum.GetValues<RandomStream>();
        foreach (RandomStream a in streams)
        {
            foreach (RandomStream b in streams.Where(b => b > a))
            {
                double r = Correlation(new CounterRandom(7, a), new CounterRandom(7, b), N);
                Assert.True(Math.Abs(r) < 4 / Math.Sqrt(N), $"{a} and {b}: r = {r}");
            }
        }
    }

    [Fact]
    public void Neighbouring_seeds_and_indices_are_independent()
    {
        const int N = 40_000;
        double r = Correlation(
            new CounterRandom(7, RandomStream.AddedNoise), new CounterRandom(8, RandomStream.AddedNoise), N);
        Assert.True(Math.Abs(r) < 4 / Math.Sqrt(N), $"r = {r}");
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0.3)]
    [InlineData(1.0000001)]
    [InlineData(2.5e7)]
    public void Logarithm_and_exponential_are_those_of_the_framework(double x)
    {
        Assert.Equal(Math.Log(x), Elementary.Log(x), Math.Abs(Math.Log(x)) * 1e-14);
        double y = -Math.Min(x, 700);
        Assert.Equal(1, Elementary.Exp(y) / Math.Exp(y), 1e-13);
        Assert.Equal(Math.Cos(Math.PI * x), Elementary.CosPi(x), 1e-14 * (1 + x)); // the product π x is rounded
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(170)]
    public void Log_factorial_is_the_sum_of_logarithms(int n) =>
        Assert.Equal(Enumerable.Range(1, n).Sum(static k => Math.Log(k)), Elementary.LogFactorial(n), 1e-10);

    private static double Correlation(CounterRandom a, CounterRandom b, int n)
    {
        double ab = 0, aa = 0, bb = 0;
        for (ulong i = 0; i < (ulong)n; i++)
        {
            (double x, double y) = (a.Normal(i), b.Normal(i));
            (ab, aa, bb) = (ab + (x * y), aa + (x * x), bb + (y * y));
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
