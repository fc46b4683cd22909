using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.Noise;

/// <summary>Stuck pixels side by side are found; points of light, puncta, and text are not taken for them.</summary>
public sealed class HotClusterTests
{
    private const int Side = 128;

    private static readonly (int X, int Y)[][] Shapes =
    [
        [(0, 0), (1, 0)],
        [(0, 0), (0, 1)],
        [(0, 0), (1, 0), (0, 1)],
        [(0, 0), (1, 0), (0, 1), (1, 1)],
    ];

    [Theory]
    [InlineData(0.005)]
    [InlineData(0.02)]
    public void Clusters_are_found_and_repaired(double sigma)
    {
        float[] samples = Array.ConvertAll(Samples.Gaussian(Side * Side, seed: 5, sigma), static z => z + 0.2f);
        float[] clean = [.. samples];
        var stuck = new SortedSet<int>();
        for (int k = 0; k < 16; k++)
        {
            foreach ((int dx, int dy) in Shapes[k % 4])
            {
                int at = ((10 + (k / 4 * 30) + dy) * Side) + 12 + (k % 4 * 30) + dx;
                samples[at] += 0.6f + (0.02f * k);
                _ = stuck.Add(at);
            }
        }

        var image = new Image(Plane.From(Side, Side, samples));
        Assert.Equal(stuck, HotPixels.Find(image)[0]);
        Image repaired = HotPixels.Repair(image).Image;
        float least = (float)(0.2 - (4 * sigma)), most = (float)(0.2 + (4 * sigma));
        Assert.All(stuck, i => Assert.InRange(repaired.Planes[0].Samples[i], least, most));
        foreach (int i in Enumerable.Range(0, clean.Length).Where(i => !stuck.Contains(i)))
        {
            Assert.Equal(clean[i], repaired.Planes[0].Samples[i]);
        }
    }

    [Theory]
    [InlineData(1, 0.005)]
    [InlineData(1, 0.02)]
    [InlineData(1.2, 0.002)]
    [InlineData(1.2, 0.02)]
    public void Points_of_light_and_puncta_are_left_alone(double width, double sigma)
    {
        float[] samples = Array.ConvertAll(Samples.Gaussian(Side * Side, seed: 6, sigma), static z => z + 0.1f);
        for (int k = 0; k < 49; k++)
        {
            // At 49 positions between pixels.
            double x = 12 + (k % 7 * 17) + (k / 7 / 7.0);
            double y = 12 + (k / 7 * 17) + (k % 7 / 7.0);
            for (int i = 0; i < samples.Length; i++)
            {
                double dx = (i % Side) - x, dy = (i / Side) - y;
                samples[i] += (float)(0.8 * Math.Exp(-((dx * dx) + (dy * dy)) / (2 * width * width)));
            }
        }

        Assert.Empty(HotPixels.Find(new Image(Plane.From(Side, Side, samples)))[0]);
    }

    [Fact]
    public void Photons_side_by_side_where_hardly_any_come_are_left_alone()
    {
        var dark = new Image(Plane.From(Side, Side, [.. Enumerable.Repeat(0.02f, Side * Side)]));
        Image noisy = NoiseModel.Parse("poisson:10").AddTo(dark, clip: false, new RunSettings());
        Assert.InRange(HotPixels.Find(noisy)[0].Count, 0, 3);
    }

    [Fact]
    public void Strokes_of_text_are_left_alone()
    {
        // Bars two pixels wide and crosses, as letters have them.
        float[] samples = Array.ConvertAll(Samples.Gaussian(Side * Side, seed: 7, 0.01), static z => z + 0.2f);
        for (int i = 0; i < samples.Length; i++)
        {
            (int x, int y) = (i % Side % 16, i / Side % 16);
            samples[i] += (x is 4 or 5 && y is > 2 and < 12) || (y is 7 or 8 && x is > 3 and < 11) ? 0.7f : 0;
        }

        Assert.Empty(HotPixels.Find(new Image(Plane.From(Side, Side, samples)))[0]);
    }
}
