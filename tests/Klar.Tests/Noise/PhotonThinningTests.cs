using Klar.Noise;
using Klar.Numerics;

namespace Klar.Tests.Noise;

public sealed class PhotonThinningTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(0.1, 0, 0, 0.3)]
    [InlineData(0.1, 0, 0, 2)]
    [InlineData(0.02, 0.03, 0.1, 0.2)]
    public void The_two_takes_have_independent_noise_and_the_brightness_as_mean(
        double gain, double readNoise, double offset, double brightness)
    {
        var random = new CounterRandom(7, RandomStream.AddedNoise);

        // The camera's offset is part of the sample; the read noise is that at the offset.
        double read = readNoise * readNoise;
        var anscombe = new GeneralisedAnscombe(gain, readNoise * readNoise, offset);
        double from = anscombe.Forward(0), unit = anscombe.Forward(4) - from;
        var thinning =
            new PhotonThinning(gain, readNoise * readNoise, from, unit, new CounterRandom(1, RandomStream.Thinning));
        double[] first = new double[Draws], second = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            ulong index = (ulong)i;
            double sample = offset
                + (gain * random.Poisson(brightness / gain, 2 * index))
                + (Math.Sqrt(read) * random.Normal((2 * index) + 1));
            (float transformed, float target) =
                thinning.Split((float)((anscombe.Forward(sample) - from) / unit), index);
            (first[i], second[i]) = (transformed, target);
        }

        double mean = second.Average(), deviation = Math.Sqrt(second.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(brightness, mean, 5 * deviation / Math.Sqrt(Draws));

        // Whatever is made of the first take, the second does not know: for a line, and for a threshold.
        double middle = first.Order().ElementAt(Draws / 2) + 1e-4, firstMean = first.Average();
        Assert.Equal(0, Correlation(first.Select(value => value - firstMean), second), 5 / Math.Sqrt(Draws));
        Assert.Equal(0, Correlation(first.Select(value => value > middle ? 1.0 : 0), second), 5 / Math.Sqrt(Draws));
    }

    [Fact]
    public void A_denoised_first_take_has_the_brightness_again()
    {
        const double Gain = 0.1, Brightness = 1.5;
        var anscombe = new GeneralisedAnscombe(Gain, 0);
        var thinning = new PhotonThinning(Gain, 0, 0, anscombe.Forward(4), new CounterRandom(1, RandomStream.Thinning));
        var random = new CounterRandom(7, RandomStream.AddedNoise);
        double expected = Enumerable.Range(0, Draws).Average(i => thinning.Split(
            (float)(anscombe.Forward(Gain * random.Poisson(Brightness / Gain, (ulong)i)) / anscombe.Forward(4)),
            (ulong)i).First);
        Assert.Equal(Brightness, thinning.Brightness((float)expected), 0.01);
    }

    private static double Correlation(IEnumerable<double> a, double[] b)
    {
        double[] x = [.. a];
        double meanX = x.Average(), meanY = b.Average();
        double products = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            products += (x[i] - meanX) * (b[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (b[i] - meanY) * (b[i] - meanY);
        }

        return products / Math.Sqrt(xx * yy);
    }
}
