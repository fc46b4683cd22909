using Klar.SelfSupervised.Klar;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class PartWeightsTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void No_other_weights_have_a_lower_risk(int parts, ulong seed)
    {
        float[] numbers = Samples.Gaussian(300 * (parts + 1), seed);
        var weights = new PartWeights(parts);
        for (int i = 0; i < 300; i++)
        {
            weights.Add(Values(numbers, parts, i), numbers[(i * (parts + 1)) + parts], 1 + (i % 3));
        }

        double[] best = weights.Solve();
        Assert.Equal(1, best.Sum(), 1e-12);
        Assert.All(best, static weight => Assert.True(weight >= 0));
        double least = Risk(numbers, parts, best);
        for (int k = 0; k < parts; k++)
        {
            for (int l = 0; l < parts; l++)
            {
                double step = Math.Min(0.01, best[k]);
                double[] other = [.. best];
                (other[k], other[l]) = k == l ? (other[k], other[l]) : (other[k] - step, other[l] + step);
                Assert.True(Risk(numbers, parts, other) >= least - 1e-9);
            }
        }
    }

    [Fact]
    public void A_part_that_is_the_picture_gets_all_and_equal_parts_share_nothing_negative()
    {
        var weights = new PartWeights(3);
        float[] numbers = Samples.Gaussian(200, seed: 5);
        for (int i = 0; i < 100; i++)
        {
            // Two equal parts that are wrong, and one that is right but for the target's noise.
            weights.Add([numbers[i] + 1, numbers[i] + 1, numbers[i]], numbers[i] + (0.1f * numbers[100 + i]), 1);
        }

        Assert.Equal(1, weights.Solve()[2], 0.05);
        Assert.Equal([0.5, 0.5], new PartWeights(2).Solve());
    }

    private static float[] Values(float[] numbers, int parts, int i) =>
        [.. Enumerable.Range(0, parts).Select(
            k => numbers[(i * (parts + 1)) + k] + (k * 0.3f) - (0.5f * numbers[(i * (parts + 1)) + parts]))];

    private static double Risk(float[] numbers, int parts, double[] weights) => Enumerable.Range(0, 300).Sum(i =>
    {
        float[] values = Values(numbers, parts, i);
        double off = weights.Select((weight, k) => weight * values[k]).Sum() - numbers[(i * (parts + 1)) + parts];
        return (1 + (i % 3)) * off * off;
    });
}
