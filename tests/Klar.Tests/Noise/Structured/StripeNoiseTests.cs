using Klar.Generated;
using Klar.Noise.Structured;
using Klar.Tests.Support;

namespace Klar.Tests.Noise.Structured;

public sealed class StripeNoiseTests
{
    private const double Sigma = 0.1;
    private static readonly Plane Clean = Samples.Picture(Scenes.Side, Scenes.Side);

    [Theory]
    [InlineData(0.3, 0, 0.13)]
    [InlineData(1, 0, 0.18)]
    [InlineData(3, 0, 0.28)]
    [InlineData(0, 0.3, 0.13)]
    [InlineData(0, 1, 0.18)]
    [InlineData(1, 1, 0.25)]
    public void Offsets_of_rows_and_columns_are_found_and_taken_out(double rows, double columns, double limit)
    {
        var noisy = new Image(Scenes.Noisy(Clean, Sigma, rows * Sigma, columns * Sigma));
        StripeNoise found = StripeNoise.Of(noisy);
        Assert.Equal(rows > 0, found.Rows > 0);
        Assert.Equal(columns > 0, found.Columns > 0);
        Assert.InRange(found.Rows / Sigma, 0.9 * rows, 1.1 * rows);
        Assert.InRange(found.Columns / Sigma, 0.9 * columns, 1.1 * columns);

        // Of 512 samples the mean is off by 0.044 of their noise. More is left of what changes slowly over the lines,
        // which may be the picture's.
        double left = Error(found.RemovedFrom(noisy), new Image(Scenes.Noisy(Clean, Sigma)));
        Assert.InRange(left / Sigma, 0, limit);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2.5)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5.3)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(40)]
    public void Gratings_are_no_stripes(double period)
    {
        foreach (bool isSquare in (bool[])[false, true])
        {
            foreach (bool isUpright in (bool[])[false, true])
            {
                AssertUntouched(Scenes.Grating(period, isSquare, isUpright));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gels_layers_and_pages_of_text_are_no_stripes(ulong seed)
    {
        AssertUntouched(Scenes.Gel(seed, isLadder: false));
        AssertUntouched(Scenes.Gel(seed, isLadder: true));
        AssertUntouched(Scenes.Layers(seed));
        AssertUntouched(Scenes.Page(seed, isRuled: false));
        AssertUntouched(Scenes.Page(seed, isRuled: true));
    }

    [Fact]
    public void Lines_of_a_falling_period_are_no_stripes() => AssertUntouched(Scenes.Chirp());

    [Fact]
    public void Generated_pictures_are_no_stripes()
    {
        var pictures = new GeneratedPictures(seed: 5, side: 160);
        for (ulong number = 0; number < 60; number++)
        {
            AssertUntouched(pictures.PlaneAt(number));
        }
    }

    [Fact]
    public void Masked_areas_come_back_as_they_were()
    {
        Plane noisy = Scenes.Noisy(Clean, Sigma, Sigma);
        float[] samples = noisy.Samples.ToArray();
        for (int y = 100; y < 200; y++)
        {
            samples.AsSpan((y * Scenes.Side) + 300, 150).Clear();
        }

        var image = new Image(Plane.From(Scenes.Side, Scenes.Side, samples));
        StripeNoise found = StripeNoise.Of(image);
        Image removed = found.RemovedFrom(image);
        Assert.InRange(found.Rows / Sigma, 0.9, 1.1);
        Assert.Equal(0, removed.Planes[0].Row(150)[400]);
        Assert.NotEqual(samples[(150 * Scenes.Side) + 10], removed.Planes[0].Row(150)[10]);
    }

    [Fact]
    public void What_is_asked_for_is_done_and_nothing_else()
    {
        var noisy = new Image(Scenes.Noisy(Clean, Sigma, Sigma, Sigma));
        StripeNoise rows = StripeNoise.Of(noisy, StripeHandling.Rows);
        StripeNoise both = StripeNoise.Of(noisy, StripeHandling.Both);
        Assert.True(rows.Rows > 0 && rows.Columns == 0);
        Assert.True(both.Rows > 0 && both.Columns > 0);
        Assert.False(StripeNoise.Of(noisy, StripeHandling.Off).IsFound);

        // Whoever asks for it has a grating taken for stripes.
        var grating = new Image(Scenes.Noisy(Scenes.Grating(3, isSquare: true, isUpright: false), Sigma));
        Assert.False(StripeNoise.Of(grating).IsFound);
        Assert.True(StripeNoise.Of(grating, StripeHandling.Rows).Rows > 2 * Sigma);
    }

    [Fact]
    public void A_method_meets_the_image_without_stripes_and_the_report_says_so()
    {
        var noisy = new Image(Scenes.Noisy(Clean, Sigma, Sigma));
        var seen = new Keeps();
        Denoised result = new StripeRemoval(seen).Denoise(noisy);
        StripeNoise stripes = Assert.IsType<StripeNoise>(result.Report.Stripes);
        Assert.Equal(
            stripes.RemovedFrom(noisy).Planes[0].Samples.ToArray(), seen.Image!.Planes[0].Samples.ToArray());
        Assert.StartsWith("auto (rows 2", result.Report.Settings["stripes"], StringComparison.Ordinal);

        var white = new Image(Scenes.Noisy(Clean, Sigma));
        Denoised same = new StripeRemoval(seen).Denoise(white);
        Assert.Same(white, seen.Image);
        Assert.Null(same.Report.Stripes);
        Assert.Equal("auto (none)", same.Report.Settings["stripes"]);
    }

    private static void AssertUntouched(Plane clean)
    {
        foreach (double sigma in (double[])[0, 0.02, 0.1])
        {
            StripeNoise found = StripeNoise.Of(new Image(sigma > 0 ? Scenes.Noisy(clean, sigma) : clean));
            Assert.False(found.IsFound, $"noise {sigma}: {found.ToText()}");
        }
    }

    private static double Error(Image a, Image b)
    {
        double sum = 0;
        for (int i = 0; i < a.Planes[0].Samples.Length; i++)
        {
            double difference = a.Planes[0].Samples[i] - b.Planes[0].Samples[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum / a.Planes[0].Samples.Length);
    }

    /// <summary>Keeps what it sees, and does nothing to it.</summary>
    private sealed class Keeps : IDenoiser
    {
        public Image? Image { get; private set; }

        public Denoised Denoise(
            Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
        {
            Image = noisy;
            return new Denoised(noisy, new DenoiseReport("keeps", new Dictionary<string, string>(), 0, default));
        }
    }
}
