using Klar.Imaging;
using Klar.Noise;

namespace Klar.Tests.Noise;

public sealed class MaskedDenoiserTests
{
    private const int Side = 192;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Areas_are_what_fully_masked_squares_cover(int side)
    {
        var random = new Random(side);
        bool[] masked = [.. Enumerable.Range(0, 41 * 29).Select(i => random.Next(100) < 97 && i % 41 != 17)];
        var mask = new Mask(41, 29, masked);
        bool[] covered = new bool[masked.Length];
        for (int y = 0; y + side <= 29; y++)
        {
            for (int x = 0; x + side <= 41; x++)
            {
                int[] square =
                    [.. Enumerable.Range(0, side * side).Select(i => ((y + (i / side)) * 41) + x + (i % side))];
                if (square.All(i => masked[i]))
                {
                    square.ToList().ForEach(i => covered[i] = true);
                }
            }
        }

        Mask? areas = mask.Areas(side);
        Assert.Equal(covered, Enumerable.Range(0, masked.Length).Select(i => areas?[i] ?? false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_not_finite_stays_and_the_rest_is_denoised(bool leavesOutAreas)
    {
        (Image noisy, _) = Noisy();
        IDenoiser inner = leavesOutAreas
            ? new Bm3dDenoiser(new Bm3dOptions())
            : new GaussianFilter(new GaussianOptions());
        Image result = MaskedDenoiser.OfNonFinite(inner, leavesOutAreas).Denoise(noisy).Image;
        for (int i = 0; i < Side * Side; i++)
        {
            (float was, float became) = (noisy.Planes[0].Samples[i], result.Planes[0].Samples[i]);
            Assert.True(
                float.IsFinite(was) ? float.IsFinite(became) && was != became : was.Equals(became),
                $"{was} became {became} at {i}");
        }
    }

    [Fact]
    public void Areas_without_samples_are_left_out_of_the_noise()
    {
        (Image noisy, Image whole) = Noisy();
        (Image picture, int count) = MaskedDenoiser.WithoutNonFinite(noisy);
        Assert.Equal(noisy.Planes[0].Samples.ToArray().Count(static sample => !float.IsFinite(sample)), count);
        double level = NoiseEstimator.Estimate(picture).Sigma, wanted = NoiseEstimator.Estimate(whole).Sigma;

        // The other half of the picture has as much to say to some percent.
        Assert.Equal(wanted, level, 0.1 * wanted);
    }

    private static (Image Noisy, Image Whole) Noisy()
    {
        var clean = new Image(Plane.Create(Side, Side, 0, static (to, _) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = 0.5f + (0.2f * MathF.Sin(i % Side / 13f) * MathF.Cos(i / Side / 9f));
            }
        }));
        Image whole = NoiseModel.Parse("gaussian:20").AddTo(clean, clip: false, new RunSettings());
        float[] samples = whole.Planes[0].Samples.ToArray();
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (i % Side) + (i / Side) < 160 ? float.NaN : i % 997 == 0 ? float.NegativeInfinity : samples[i];
        }

        return (new Image(Plane.From(Side, Side, samples)), whole);
    }
}
