using Klar.Imaging;
using Klar.Metrics;
using Klar.Noise;
using Klar.Numerics;
using Klar.Reports.Field;
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

    [Fact]
    public void Small_coefficients_are_counted_at_all_positions_of_a_window_as_block_by_block()
    {
        double[] window = new double[BlockCosine.WindowSide * BlockCosine.WindowStride];
        double[] samples = [.. Samples.Gaussian(window.Length, seed: 3)];
        samples.CopyTo(window, 0);
        int[] counts = new int[BlockCosine.Length];
        BlockCosine.CountSmall(window, limit: 0.5, counts);

        double[] block = new double[BlockCosine.Length], coefficients = new double[BlockCosine.Length];
        for (int position = 0; position < counts.Length; position++)
        {
            (int top, int left) = (position / BlockCosine.Side, position % BlockCosine.Side);
            for (int i = 0; i < block.Length; i++)
            {
                (int y, int x) = (top + (i / BlockCosine.Side), left + (i % BlockCosine.Side));
                block[i] = window[(y * BlockCosine.WindowStride) + x];
            }

            BlockCosine.Forward(block, coefficients);
            Assert.Equal(coefficients[1..].Count(static c => Math.Abs(c) < 0.5), counts[position]);
        }
    }

    [Theory]
    [InlineData(50, 12, 0, 0)]
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

        // Quantisation takes some of the noise and adds some of its own, on edges more than on flat blocks.
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

    [Theory]
    [InlineData(60, false)]
    [InlineData(75, true)]
    [InlineData(90, false)]
    public void Colour_pictures_gain_over_the_best_blur(int quality, bool atHalfSize)
    {
        Plane[] clean = [Scene(), Scene(seed: 11), Scene(seed: 12)];
        Image reference = new(clean, SampleScale.EightBit);
        Image noisy = new([.. clean.Select((plane, c) => Noisy(plane, 12, 7 + (ulong)c))]);
        Image image = Compressed(noisy, quality, atHalfSize);
        NoiseEstimate noise = NoiseEstimator.Estimate(image);
        Assert.Equal(new JpegGrid(0, 0) { IsColour = true }, noise.Jpeg);
        double blur = ((float[])[0.5f, 0.7f, 1, 1.5f, 2, 2.5f, 3]).Max(width =>
            ImageQuality.Of(reference, Blurred(image, width)).Psnr!.Value);
        Image result = new AutoDenoiser(new AutoOptions { Effort = Effort.Fast, Steps = 8 }).Denoise(image).Image;
        Assert.InRange(ImageQuality.Of(reference, result).Psnr!.Value, blur + 0.2, 99);
    }

    [Fact]
    public void Three_grey_planes_with_a_grid_are_no_colour_picture()
    {
        Plane[] pages = [.. Enumerable.Range(0, 3).Select(k =>
            JpegCompression.Of(Noisy(Scene(seed: 20 + (ulong)k), 12, (ulong)k), 75).Planes[0])];
        Assert.Equal(new JpegGrid(0, 0), NoiseEstimator.Estimate(new Image(pages, SampleScale.EightBit)).Jpeg);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(95)]
    public void Texture_that_falls_off_as_pictures_do_is_no_noise(int quality)
    {
        // A surface without an even place: noise, twice smoothed, with the spectrum of a rough natural one.
        Image rough = new(Plane.From(Side, Side, Samples.Gaussian(Side * Side, seed: 5, sigma: 0.3)));
        float[] smooth = Blurred(rough, 1).Planes[0].Samples.ToArray();
        float[] coarse = Blurred(rough, 3).Planes[0].Samples.ToArray();
        Plane clean = Plane.From(
            Side, Side, [.. smooth.Zip(coarse, static (a, b) => Math.Clamp(0.5f + (0.5f * a) + (3 * b), 0, 1))]);
        Assert.Equal(NoiseKind.None, NoiseEstimator.Estimate(JpegCompression.Of(clean, quality)).Kind);
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
    private static Plane Scene(ulong seed = 6)
    {
        var random = new CounterRandom(seed, RandomStream.DemoPicture);
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

    /// <summary>
    /// A colour picture as JPEG codes it, the differences of colour at the full size or at half of it.
    /// </summary>
    private static Image Compressed(Image rgb, int quality, bool atHalfSize)
    {
        Plane luminance = JpegColours.Luminance(rgb);
        Image differences = JpegColours.Differences(rgb, luminance);
        Plane[] coded = [.. differences.Planes.Select(plane =>
        {
            if (!atHalfSize)
            {
                return JpegCompression.Of(plane, quality).Planes[0];
            }

            Plane half = HalfSize.Of(plane, 0, 0);
            Plane flat = Plane.From(Side, Side, new float[Side * Side]), zero = HalfSize.Of(flat, 0, 0);
            return HalfSize.Changed(flat, zero, JpegCompression.Of(half, quality).Planes[0], 0, 0);
        })];
        Plane[] decoded =
            [.. JpegColours.ToRgb(JpegCompression.Of(luminance, quality).Planes[0], rgb.With(coded)).Select(Rounded)
                .Select(static image => image.Planes[0])];
        return new Image(decoded, SampleScale.EightBit);
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
        float[] samples = [.. plane.Samples.ToArray()
            .Select(static sample => Math.Clamp(MathF.Round(255 * sample), 0, 255) / 255)];
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
