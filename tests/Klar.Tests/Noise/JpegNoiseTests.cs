using Klar.Catalogue;
using Klar.Filters;
using Klar.Imaging;
using Klar.Metrics;
using Klar.Noise;
using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Noise;

/// <summary>
/// Noisy pictures of 8 bits that were a JPEG once: the grid is found, and what noise is left is measured and taken out.
/// </summary>
public sealed class JpegNoiseTests
{
    private const int Side = 160;

    [Fact]
    public void The_cosine_transform_keeps_energy_and_puts_a_constant_into_the_mean()
    {
        double[] block = [.. Samples.Gaussian(BlockCosine.Length, seed: 2)];
        double[] coefficients = new double[BlockCosine.Length];
        BlockCosine.Forward(block, coefficients);
        Assert.Equal(block.Sum(static sample => sample * sample), coefficients.Sum(static c => c * c), 1e-9);
        BlockCosine.Forward([.. Enumerable.Repeat(3.0, BlockCosine.Length)], coefficients);
        Assert.Equal(24, coefficients[0], 1e-9);
        Assert.All(coefficients[1..], static c => Assert.Equal(0, c, 1e-9));
    }

    [Theory]
    [InlineData(50, 4, 0, 0)]
    [InlineData(60, 12, 3, 5)]
    [InlineData(75, 12, 7, 1)]
    [InlineData(75, 25, 2, 2)]
    [InlineData(90, 4, 1, 7)]
    [InlineData(90, 25, 4, 0)]
    [InlineData(95, 12, 6, 3)]
    public void The_grid_is_found_at_any_phase_and_the_noise_is_what_is_left_of_it(int quality, int sigma, int x, int y)
    {
        Plane clean = Scene();
        Image image = JpegCompression.Of(Noisy(clean, sigma), quality, x, y);
        NoiseEstimate noise = NoiseEstimator.Estimate(image);
        Assert.Equal(new JpegGrid(x, y), noise.Jpeg);

        // Quantisation takes some of the noise and adds some of its own, on edges more than on flat blocks: within 10
        // %.
        (double left, double lag) = Left(image.Planes[0], clean);
        Assert.InRange(noise.Sigma, 0.9 * left, 1.1 * left);
        Assert.InRange(noise.Lag1, lag - 0.1, lag + 0.1);
        Assert.Equal(1, noise.Autocorrelation[40], 1e-9);
    }

    [Theory]
    [InlineData("gaussian:12")]
    [InlineData("gaussian:2")]
    [InlineData("poisson:50")]
    public void Without_compression_there_is_no_grid(string noise)
    {
        foreach (Plane clean in (Plane[])[Scene(), Samples.Picture(Side, Side)])
        {
            Image noisy = NoiseModel.Parse(noise).AddTo(new Image([clean], SampleScale.EightBit), clip: true,
                new RunSettings());
            Assert.Null(NoiseEstimator.Estimate(Rounded(noisy.Planes[0])).Jpeg);
        }
    }

    [Fact]
    public void Blocks_of_one_value_and_pictures_enlarged_twice_are_no_grid()
    {
        float[] flat = new float[Side * Side], twice = new float[Side * Side];
        float[] noise = Samples.Gaussian(Side * Side, seed: 4, sigma: 0.05);
        for (int i = 0; i < flat.Length; i++)
        {
            flat[i] = 0.3f;
            twice[i] = 0.5f + noise[((i / Side / 2) * Side) + (i % Side / 2)];
        }

        Assert.Null(NoiseEstimator.Estimate(Rounded(Plane.From(Side, Side, flat))).Jpeg);
        Assert.Null(NoiseEstimator.Estimate(Rounded(Plane.From(Side, Side, twice))).Jpeg);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(90)]
    public void A_clean_picture_that_was_a_JPEG_comes_back_bit_for_bit(int quality)
    {
        foreach (Plane clean in (Plane[])[Scene(), Samples.Picture(Side, Side)])
        {
            Image image = JpegCompression.Of(clean, quality, 5, 2);
            Denoised result = new AutoDenoiser(new AutoOptions { Effort = Effort.Fast, Steps = 1 }).Denoise(image);
            Assert.Equal(image.Planes[0].Samples.ToArray(), result.Image.Planes[0].Samples.ToArray());
        }
    }

    [Theory]
    [InlineData(50, 4)]
    [InlineData(50, 12)]
    [InlineData(60, 12)]
    [InlineData(75, 12)]
    [InlineData(75, 25)]
    [InlineData(90, 12)]
    [InlineData(95, 4)]
    public void Auto_gains_over_the_best_blur(int quality, int sigma)
    {
        Plane clean = Scene();
        Image reference = new([clean], SampleScale.EightBit);
        Image image = JpegCompression.Of(Noisy(clean, sigma), quality, 3, 6);
        double blur = ((float[])[0.5f, 0.7f, 1, 1.5f, 2, 2.5f, 3]).Max(width =>
            ImageQuality.Of(reference, Blurred(image, width)).Psnr!.Value);
        Image result = new AutoDenoiser(new AutoOptions { Effort = Effort.Fast }).Denoise(image).Image;
        Assert.InRange(ImageQuality.Of(reference, result).Psnr!.Value, blur + 0.3, 99);
    }

    [Fact]
    public void Several_planes_and_pages_share_the_grid()
    {
        Plane clean = Scene();
        Image first = JpegCompression.Of(Noisy(clean, 12), 60, 1, 2);
        Image second = JpegCompression.Of(Noisy(clean, 12, seed: 8), 60, 1, 2);
        NoiseEstimate together = NoiseEstimator.Estimate([first, second]);
        Assert.Equal(new JpegGrid(1, 2), together.Jpeg);
        Assert.InRange(together.Sigma / NoiseEstimator.Estimate(first).Sigma, 0.9, 1.1);
    }

    /// <summary>Soft spots on a floor of 30 of 255, up to 210.</summary>
    private static Plane Scene()
    {
        var random = new CounterRandom(6, RandomStream.DemoPicture);
        float[] samples = new float[Side * Side];
        for (ulong spot = 0; spot < 30; spot++)
        {
            double x = Side * random.Uniform(4 * spot), y = Side * random.Uniform((4 * spot) + 1);
            double width = 3 + (6 * random.Uniform((4 * spot) + 2));
            double height = 0.3 + (0.7 * random.Uniform((4 * spot) + 3));
            for (int i = 0; i < samples.Length; i++)
            {
                double dx = (i % Side) - x, dy = (i / Side) - y;
                samples[i] += (float)(height * Elementary.Exp(-((dx * dx) + (dy * dy)) / (2 * width * width)));
            }
        }

        float brightest = samples.Max();
        return Plane.From(Side, Side, Array.ConvertAll(samples, sample => (30 + (180 * sample / brightest)) / 255));
    }

    private static Plane Noisy(Plane clean, double sigma, ulong seed = 7)
    {
        float[] noise = Samples.Gaussian(Side * Side, seed, sigma / 255);
        return Plane.From(Side, Side, [.. noise.Select((z, i) => Math.Clamp(clean.Samples[i] + z, 0, 1))]);
    }

    private static Image Blurred(Image image, float width) =>
        new GaussianFilter(new GaussianOptions { Sigma = width }).Denoise(image).Image;

    private static Image Rounded(Plane plane)
    {
        float[] samples = [.. plane.Samples.ToArray().Select(static sample => MathF.Round(255 * sample) / 255)];
        return new Image([Plane.From(plane.Width, plane.Height, samples)], SampleScale.EightBit);
    }

    /// <summary>σ of the difference, and the correlation of its neighbours.</summary>
    private static (double Sigma, double Lag1) Left(Plane image, Plane clean)
    {
        double squares = 0, across = 0, down = 0;
        for (int i = 0; i < Side * (Side - 1); i++)
        {
            double here = image.Samples[i] - clean.Samples[i];
            squares += here * here;
            double next = i % Side == Side - 1 ? 0 : image.Samples[i + 1] - clean.Samples[i + 1];
            across += here * next * Side / (Side - 1.0);
            down += here * (image.Samples[i + Side] - clean.Samples[i + Side]);
        }

        return (Math.Sqrt(squares / (Side * (Side - 1))), (across + down) / (2 * squares));
    }
}
