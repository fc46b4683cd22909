using Klar.Numerics;

namespace Klar.Tests.Numerics;

public sealed class BinomialSamplingTests
{
    private static readonly CounterRandom Random = new(2, RandomStream.Thinning);

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(7, 0.5)]
    [InlineData(300, 0.1)]
    [InlineData(BinomialSampling.MaxCounted, 0.1)]
    [InlineData(BinomialSampling.MaxCounted + 1, 0.1)]
    [InlineData(1_000_000, 0.25)]
    public void Numbers_have_mean_and_variance_of_their_distribution(long trials, double probability)
    {
        const int N = 50_000;
        double mean = trials * probability, variance = mean * (1 - probability);
        double sum = 0, squares = 0;
        for (ulong i = 0; i < N; i++)
        {
            double off = Random.Binomial(trials, probability, i) - mean;
            (sum, squares) = (sum + off, squares + (off * off));
        }

        double allowed = 5 * Math.Sqrt(variance / N);
        Assert.InRange(sum / N, -allowed, allowed);

        // The variance of the squared deviation is at most variance + 2 variance²; rounding to whole numbers adds a
        // twelfth.
        double allowedVariance = (5 * Math.Sqrt((variance + (2 * variance * variance)) / N))
            + (trials > BinomialSampling.MaxCounted ? 1.0 / 12 : 0);
        Assert.InRange((squares / N) - variance, -allowedVariance, allowedVariance);
    }

    [Fact]
    public void Counts_follow_the_distribution()
    {
        const int N = 100_000, Trials = 20;
        const double Probability = 0.1;
        int[] counts = new int[Trials + 1];
        for (ulong i = 0; i < N; i++)
        {
            counts[Random.Binomial(Trials, Probability, i)]++;
        }

        double chiSquared = 0, probability = Math.Pow(1 - Probability, Trials);
        int cells = 0;
        for (int k = 0; k <= Trials && N * probability >= 10; k++)
        {
            chiSquared += (counts[k] - (N * probability)) * (counts[k] - (N * probability)) / (N * probability);
            cells++;
            probability *= (Trials - k) / (k + 1.0) * Probability / (1 - Probability);
        }

        Assert.InRange(chiSquared, 0, cells + (5 * Math.Sqrt(2.0 * cells)));
    }

    [Fact]
    public void None_of_none_come_true() => Assert.Equal(0, Random.Binomial(0, 0.1, 3));
}
