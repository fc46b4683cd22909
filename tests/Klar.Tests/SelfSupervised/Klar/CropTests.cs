using Klar.Networks;
using Klar.Noise;
using Klar.Numerics;
using Klar.Prior;
using Klar.SelfSupervised.Klar;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class CropTests
{
    private const int Width = 90, Height = 70, Side = 32;
    private static readonly float[] Picture = Samples.Picture(Width, Height).Samples.ToArray();

    [Fact]
    public void A_noise_field_has_the_autocorrelation_that_was_asked_for()
    {
        double[] taps = [.. Enumerable.Range(-4, 9).Select(static i => Math.Exp(-i * i / (2 * 0.7 * 0.7)))];
        double[] lags = [.. Enumerable.Range(0, 81).Select(i => Lag(taps, (i % 9) - 4) * Lag(taps, (i / 9) - 4))];
        var random = new CounterRandom(1, RandomStream.Recorruption);
        var coloured = new NoiseField(random, 0, lags);
        var white = new NoiseField(random, 0, null);
        foreach ((int dx, int dy) in ((int, int)[])[(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 3)])
        {
            // 512² samples: five standard deviations of a covariance are 0.01, times the correlation's spread.
            Assert.Equal(lags[((dy + 4) * 9) + dx + 4], Covariance(coloured, dx, dy), 0.03);
            Assert.Equal(dx == 0 && dy == 0 ? 1 : 0, Covariance(white, dx, dy), 0.02);
        }

        Assert.Equal(white.At(3, 4), white.At(3 + NoiseField.Side, 4 - NoiseField.Side));
    }

    [Fact]
    public void A_crop_is_the_picture_and_noise_in_all_orientations()
    {
        var geometry = new CropGeometry(0, Width, Height, Side);
        var crops = new NoisyCrops([Picture], Width, [Sigmas()], [Field()], null, geometry);
        float[] input = new float[Side * Side], target = new float[Side * Side];
        var orientations = new HashSet<Orientation>();
        for (ulong number = 0; number < 40; number++)
        {
            crops.Fill(number, [input], [target]);
            CropGeometry.Crop crop = geometry.At(number);
            orientations.Add(crop.Place.Orientation);
            for (int i = 0; i < target.Length; i++)
            {
                (int x, int y, int noiseX, int noiseY) = geometry.Source(crop, i % Side, i / Side);
                Assert.Equal(Picture[(y * Width) + x], target[i]);
                Assert.Equal(target[i] + (0.1f * Field().At(noiseX, noiseY)), input[i], 1e-6);
            }
        }

        Assert.Equal(8, orientations.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_adaptation_learns_and_gives_the_same_bits_on_any_number_of_threads(int channels)
    {
        float[] one = Adapted(channels, threads: 1);
        Assert.Equal(one, Adapted(channels, threads: 2));
        Assert.Equal(one, Adapted(channels, threads: 3));
        Assert.NotEqual(PriorModel.Shipped.Weights.Parameters, one);
    }

    private static float[] Adapted(int channels, int threads)
    {
        float[][] planes = [.. Enumerable.Repeat(Picture, channels)];
        float[][] sigmas = [.. Enumerable.Repeat(Sigmas(), channels)];
        NoiseField[] fields = [.. Enumerable.Repeat(Field(), channels)];
        var geometry = new CropGeometry(0, Width, Height, PriorAdaptation.Side);
        PriorModel model = PriorModel.Shipped.Copy();
        var training = new PriorAdaptation(
            model, new NoisyCrops(planes, Width, sigmas, fields, null, geometry),
            [.. Enumerable.Repeat(0.1f, channels)], null, threads);
        for (int step = 0; step < 2; step++)
        {
            training.Step(1e-4, default);
        }

        return model.Weights.Parameters;
    }

    private static float[] Sigmas() => [.. Enumerable.Repeat(0.1f, Width * Height)];

    private static NoiseField Field() =>
        _field ??= new NoiseField(new CounterRandom(0, RandomStream.Recorruption), 0, null);

    private static NoiseField? _field;

    private static double Lag(double[] taps, int lag) =>
        Enumerable.Range(0, 9 - Math.Abs(lag)).Sum(
            i => taps[i] * taps[i + Math.Abs(lag)]) / taps.Sum(static tap => tap * tap);

    private static double Covariance(NoiseField field, int dx, int dy)
    {
        double sum = 0;
        for (int i = 0; i < NoiseField.Side * NoiseField.Side; i++)
        {
            (int x, int y) = (i % NoiseField.Side, i / NoiseField.Side);
            sum += field.At(x, y) * field.At(x + dx, y + dy);
        }

        return sum / (NoiseField.Side * NoiseField.Side);
    }
}
