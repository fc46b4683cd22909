using Klar.Prior;

namespace Klar.Tests.Prior;

public sealed class CropNoiseTests
{
    private const int Side = 64;

    [Fact]
    public void Noise_has_the_level_and_the_correlation_that_are_told()
    {
        var noise = new CropNoise(seed: 3, Side);
        float[] clean = [.. Enumerable.Range(0, Side * Side).Select(static i => 0.3f + (0.4f * (i % Side) / Side))];
        int white = 0, across = 0, varied = 0, cut = 0, less = 0;
        for (ulong number = 0; number < 200; number++)
        {
            noise.Add(number, clean);
            Assert.InRange(noise.Sigma, 1, 80);
            if (!noise.Target.SequenceEqual(clean))
            {
                // Cut off: the target is the mean of what was cut.
                cut++;
                Assert.All(noise.Noisy, static sample => Assert.InRange(sample, 0, 1));
                Assert.InRange(Mean(i => (noise.Noisy[i] - noise.Target[i]) / noise.Level[i]), -0.15, 0.15);
                continue;
            }

            if (noise.Share < 1)
            {
                // Told as more than there is.
                less++;
                Assert.InRange(Math.Sqrt(Mean(i => Math.Pow((noise.Noisy[i] - clean[i]) / noise.Level[i], 2))),
                    0.85 * noise.Share, 1.15 * noise.Share);
                continue;
            }

            double[] n = [.. Enumerable.Range(0, Side * Side)
                .Select(i => (double)(noise.Noisy[i] - clean[i]) / noise.Level[i])];
            varied += noise.Level.Max() > 1.01 * noise.Level.Min() ? 1 : 0;

            // 4096 samples of correlated noise know their variance to some 6 % (three standard errors at a blur of
            // 1.2); a level told from the noisy picture adds some.
            double variance = n.Average(static value => value * value);
            Assert.InRange(variance, 0.75, 1.3);
            (double x, double y) = (Lag(n, 1) / variance, Lag(n, Side) / variance);
            Assert.InRange(x - noise.Lag1.Across, -0.12, 0.12);
            Assert.InRange(y - noise.Lag1.Down, -0.12, 0.12);
            white += noise.Lag1 == (0, 0) ? 1 : 0;
            across += noise.Lag1 is { Across: > 0.2f, Down: 0 } ? 1 : 0;
        }

        Assert.InRange(white, 60, 140);
        Assert.InRange(across, 4, 40);
        Assert.InRange(varied, 30, 100);
        Assert.InRange(cut, 8, 50);
        Assert.InRange(less, 3, 25);
    }

    private static double Mean(Func<int, double> of) => Enumerable.Range(0, Side * Side).Average(of);

    private static double Lag(double[] n, int step) => Enumerable.Range(0, Side * (Side - 1))
        .Where(i => step != 1 || i % Side < Side - 1)
        .Average(i => n[i] * n[i + step]);
}
