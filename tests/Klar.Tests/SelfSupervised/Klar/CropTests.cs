using Klar.Networks;
using Klar.Noise;
using Klar.Numerics;
using Klar.SelfSupervised.Klar;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class CropTests
{
    private const int Width = 90, Height = 70, Tile = 16;
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
    public void A_sixth_is_held_back()
    {
        bool[] mask = HeldBack.Mask(3, 120_000);
        Assert.Equal(1 / 6.0, mask.Count(static held => held) / (double)mask.Length, 0.01);
        Assert.Equal(1 / 36.0, Enumerable.Range(1, mask.Length - 1).Count(i => mask[i] && mask[i - 1]) / (double)mask.Length, 0.005);
    }

    [Fact]
    public void A_recorrupted_pair_holds_the_picture_and_two_noises_that_cancel()
    {
        const float Strength = 0.5f;
        ConvolutionStack network = KlarNetwork.Of(1);
        int side = CropTraining.SideOf(network, Tile);
        bool[] held = HeldBack.Mask(0, Width * Height);
        var geometry = new CropGeometry(0, Width, Height, side, Tile);
        var crops = NoisyCrops.Recorrupted([Picture], Width, [Sigmas()], Strength, [Field()], held, geometry);
        var input = new InputImage(side, side, 1);
        float[] target = new float[side * side];
        var orientations = new HashSet<Orientation>();
        for (ulong number = 0; number < 40; number++)
        {
            crops.Fill(number, input, target);
            CropGeometry.Crop crop = geometry.At(number);
            orientations.Add(crop.Place.Orientation);
            for (int i = 0; i < target.Length; i++)
            {
                (int x, int y, int noiseX, int noiseY) = geometry.Source(crop, i % side, i / side);
                Assert.Equal(held[(y * Width) + x], float.IsNaN(target[i]));
                if (!float.IsNaN(target[i]))
                {
                    float first = input.Row(i / side)[i % side];
                    Assert.Equal(Picture[(y * Width) + x], (first + (Strength * Strength * target[i])) / (1 + (Strength * Strength)), 1e-6);
                    Assert.Equal(0.1f * Field().At(noiseX, noiseY), (first - target[i]) / (Strength + (1 / Strength)), 1e-6);
                }
            }
        }

        Assert.Equal(8, orientations.Count);
    }

    [Fact]
    public void A_pilots_crop_is_the_pilot_and_noise()
    {
        int side = CropTraining.SideOf(KlarNetwork.Of(1), Tile);
        var geometry = new CropGeometry(0, Width, Height, side, Tile);
        var input = new InputImage(side, side, 1);
        float[] target = new float[side * side];
        NoisyCrops.OfPilot([Picture], Width, [Sigmas()], [Field()], null, geometry).Fill(7, input, target);
        for (int i = 0; i < target.Length; i++)
        {
            (int x, int y, int noiseX, int noiseY) = geometry.Source(geometry.At(7), i % side, i / side);
            Assert.Equal(Picture[(y * Width) + x], target[i]);
            Assert.Equal(target[i] + (0.1f * Field().At(noiseX, noiseY)), input.Row(i / side)[i % side], 1e-6);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Training_learns_and_gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        (float[] parameters, double first, double last) = Trained(threads, steps: 60);
        Assert.True(last < 0.5 * first, $"{first} at first, {last} at last");
        Assert.Equal(Trained(1, steps: 60).Parameters, parameters);
    }

    [Fact]
    public void The_output_on_a_part_is_that_on_the_whole_away_from_the_border()
    {
        var weights = new PreparedWeights(KlarNetwork.Of(1));
        InitialWeights.Uniform(weights.Stack, 1, weights.Parameters);
        weights.Prepare();
        var output = new NetworkOutput(weights, 2);
        float[] whole = output.Of([Picture], Width, Height, default)[0];
        float[] part = output.Of([[.. Enumerable.Range(0, 60 * 50).Select(i => Picture[((8 + (i / 60)) * Width) + 12 + (i % 60)])]], 60, 50, default)[0];
        int reach = weights.Stack.Reach;
        for (int y = reach; y < 50 - reach; y++)
        {
            for (int x = reach; x < 60 - reach; x++)
            {
                Assert.Equal(whole[((8 + y) * Width) + 12 + x], part[(y * 60) + x], 2e-6);
            }
        }
    }

    private static (float[] Parameters, double First, double Last) Trained(int threads, int steps)
    {
        ConvolutionStack network = KlarNetwork.Of(1);
        var geometry = new CropGeometry(0, Width, Height, CropTraining.SideOf(network, Tile), Tile);
        var training = new CropTraining(network, NoisyCrops.OfPilot([Picture], Width, [Sigmas()], [Field()], null, geometry), Tile, batch: 4, threads);
        InitialWeights.Uniform(network, 0, training.Weights.Parameters);
        double first = training.Step(3e-3, default), last = 0;
        for (int step = 1; step < steps; step++)
        {
            last = training.Step(3e-3, default);
        }

        return (training.Weights.Parameters, first, last);
    }

    private static float[] Sigmas() => [.. Enumerable.Repeat(0.1f, Width * Height)];

    private static NoiseField Field() => _field ??= new NoiseField(new CounterRandom(0, RandomStream.Recorruption), 0, null);

    private static NoiseField? _field;

    private static double Lag(double[] taps, int lag) =>
        Enumerable.Range(0, 9 - Math.Abs(lag)).Sum(i => taps[i] * taps[i + Math.Abs(lag)]) / taps.Sum(static tap => tap * tap);

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
