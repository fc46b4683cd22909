using Klar.Noise;
using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Noise;

/// <summary>Half-bright columns are found and repaired; what lies along a column in a specimen is left alone.</summary>
public sealed class BadColumnTests
{
    private const int Side = 192;
    private const int Column = 77;

    private static readonly SampleScale Float = new(0, 1, Bounded: false);

    [Theory]
    [InlineData(0.5, 0, 0, Side)]
    [InlineData(0.5, 0, 60, Side)]
    [InlineData(0.5, 0, 0, 100)]
    [InlineData(1.4, 0, 0, Side)]
    [InlineData(1, 0.1, 0, Side)]
    [InlineData(1, -0.1, 90, Side)]
    public void Columns_of_another_gain_or_offset_are_found_and_repaired(double gain, double offset, int from, int to)
    {
        Plane good = Noisy(Cells());
        Image repaired = HotPixels.Repair(new Image(With(good, gain, offset, from, to), Float)).Image;
        for (int y = 0; y < Side; y++)
        {
            // The end of a part is known to a few rows.
            bool isInside = y >= from + 4 && y < to - 4, isBeside = y >= from - 4 && y < to + 4;
            float sample = repaired.Planes[0].Row(y)[Column];
            float mean = 0.5f * (good.Row(y)[Column - 1] + good.Row(y)[Column + 1]);
            Assert.True(!isInside || sample == mean, $"row {y} is {sample} and not {mean}");
            Assert.True(isBeside || sample == good.Row(y)[Column], $"row {y} was changed");
            Assert.Equal(good.Row(y)[Column + 1], repaired.Planes[0].Row(y)[Column + 1]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bright_cells_on_a_dark_floor_scatter_more_and_no_column_of_theirs_is_bad(ulong seed)
    {
        // Columns scatter as the floor does, since most of them lie there; 200 photons scatter twelve times as much.
        float[] cells = [.. Enumerable.Range(0, 512 * 512).Select(static i =>
            i % 512 is > 200 and < 290 && i / 512 is > 100 and < 400 ? 1f : 0)];
        Image noisy = NoiseModel.Parse("camera:2.2:2.5:100:200")
            .AddTo(new Image(Plane.From(512, 512, cells)), clip: true, new RunSettings { Seed = seed });
        Assert.Empty(BadColumns.Of(noisy.Planes[0]));
    }

    [Fact]
    public void The_noise_is_measured_without_them()
    {
        Plane good = Noisy(Cells());
        NoiseEstimate expected = NoiseEstimator.Estimate(new Image(good, Float));
        NoiseEstimate noise = NoiseEstimator.Estimate(new Image(With(good, 0.5, 0, 0, Side), Float));
        Assert.Equal((0, 1), (expected.BadColumns, noise.BadColumns));
        Assert.Equal(NoiseKind.Gaussian, noise.Kind);
        Assert.InRange(noise.Sigma, 0.97 * expected.Sigma, 1.03 * expected.Sigma);
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(1.5)]
    public void Fibres_along_a_column_are_left_alone(double width)
    {
        // As thin as optics let them be, and at eight places between pixels.
        float[] samples = new float[Side * Side];
        for (int i = 0; i < samples.Length; i++)
        {
            for (int k = 0; k < 8; k++)
            {
                double away = (i % Side) - (15 + (k * 22.125));
                samples[i] += (float)(0.5 * Elementary.Exp(-away * away / (2 * width * width)));
            }
        }

        Assert.Equal(0, NoiseEstimator.Estimate(new Image(Noisy(Plane.From(Side, Side, samples)), Float)).BadColumns);
    }

    [Fact]
    public void Sharp_lines_and_edges_of_a_drawing_are_left_alone()
    {
        float[] samples = new float[Side * Side];
        for (int i = 0; i < samples.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            samples[i] = x == 40 || x is > 100 and < 130 || (x == 60 && y < 90) ? 0.7f : 0.2f;
        }

        Assert.Empty(BadColumns.Of(Plane.From(Side, Side, samples)));
    }

    [Fact]
    public void In_a_picture_without_noise_no_column_is_bad()
    {
        // Steps as labels have them, which differ from line to line, and a column of another value.
        float[] samples = new float[Side * Side];
        for (int i = 0; i < samples.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            samples[i] = x == Column ? 4 : ((x + (7 * (y % 5))) / 37) + ((y / 23) % 2);
        }

        Plane plane = Plane.From(Side, Side, [.. samples.Select(static label => label / 6)]);
        var labels = new Image(plane, SampleScale.OfIntegers(0, 6));
        Assert.Equal(labels.Planes[0].Samples.ToArray(), HotPixels.Repair(labels).Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Stripes_all_over_are_a_pattern_and_no_bad_columns()
    {
        float[] stripes = Samples.Gaussian(Side, seed: 9, sigma: 0.1);
        float[] samples = [.. Noisy(Cells()).Samples.ToArray().Select((sample, i) => sample + stripes[i % Side])];
        Assert.Empty(BadColumns.Of(Plane.From(Side, Side, samples)));
    }

    private static Plane With(Plane plane, double gain, double offset, int from, int to)
    {
        float[] samples = plane.Samples.ToArray();
        for (int y = from; y < to; y++)
        {
            int at = (y * Side) + Column;
            samples[at] = (float)((gain * samples[at]) + offset);
        }

        return Plane.From(Side, Side, samples);
    }

    /// <summary>Soft spots on a floor of 0.2.</summary>
    private static float[] Cells()
    {
        float[] samples = new float[Side * Side];
        for (int i = 0; i < samples.Length; i++)
        {
            (double x, double y) = ((i % Side % 48) - 24, (i / Side % 48) - 24);
            samples[i] = 0.2f + (float)(0.5 * Elementary.Exp(-((x * x) + (y * y)) / 72));
        }

        return samples;
    }

    private static Plane Noisy(float[] samples) => Noisy(Plane.From(Side, Side, samples));

    private static Plane Noisy(Plane plane)
    {
        float[] noise = Samples.Gaussian(Side * Side, seed: 3, sigma: 0.02);
        return Plane.From(Side, Side, [.. noise.Select((z, i) => plane.Samples[i] + z)]);
    }
}
