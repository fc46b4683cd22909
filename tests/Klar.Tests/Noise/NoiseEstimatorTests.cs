using Klar.Noise;
using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Noise;

/// <summary>Noise of known parameters on generated pictures, measured blind.</summary>
public sealed class NoiseEstimatorTests
{
    private static readonly Image Clean = new(Large());

    [Fact]
    public void A_cancelled_token_ends_a_measurement()
    {
        var cancelled = new CancellationToken(canceled: true);
        Image flat = new(Plane.From(64, 64, new float[64 * 64]));
        foreach (Image image in (Image[])[Noisy("gaussian:25", clip: true), flat])
        {
            Assert.Throws<OperationCanceledException>(() => NoiseEstimator.Estimate(image, cancelled));
            Assert.Throws<OperationCanceledException>(() => HotPixels.Repair(image, cancelled));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(50)]
    public void A_Gaussian_level_is_found_without_clipping(float sigma)
    {
        NoiseEstimate estimate = NoiseEstimator.Estimate(Noisy($"gaussian:{sigma}", clip: false));
        Assert.Equal(NoiseKind.Gaussian, estimate.Kind);

        // In this picture the edges' energy is spread over almost all directions, which costs 6 %; photographs lose 1
        // to 2 %.
        Assert.Equal(sigma, 255 * estimate.Sigma, 0.08 * sigma);
        Assert.False(estimate.CutAtBlack);
        Assert.Equal(0, estimate.ClippedBlack);
        Assert.Equal(0, estimate.Lag1, 0.05);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(50)]
    public void It_is_found_where_most_of_the_image_is_clipped(float sigma)
    {
        NoiseEstimate estimate = NoiseEstimator.Estimate(Noisy($"gaussian:{sigma}", clip: true, Dark()));
        Assert.Equal(sigma, 255 * estimate.Sigma, 0.1 * sigma);
        Assert.True(estimate.CutAtBlack);
        Assert.InRange(estimate.ClippedBlack, 0.2, 0.5);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(100)]
    public void The_gain_of_photon_noise_is_found(float peak)
    {
        NoiseEstimate estimate = NoiseEstimator.Estimate(Noisy($"poisson:{peak}", clip: true));
        Assert.Equal(NoiseKind.PoissonGaussian, estimate.Kind);

        // Twice the error of a level, since it is a variance.
        Assert.Equal(peak, 1 / estimate.Gain, 0.16 * peak);
        Assert.False(estimate.CutAtBlack);
    }

    [Fact]
    public void Uniform_noise_is_told_from_normal_noise()
    {
        NoiseEstimate estimate = NoiseEstimator.Estimate(Noisy("uniform:0.2", clip: false));
        Assert.Equal(NoiseKind.Uniform, estimate.Kind);
        Assert.Equal(0.2 / Math.Sqrt(12), estimate.Sigma, 0.08 * 0.2 / Math.Sqrt(12));
        Assert.Equal(NoiseKind.Uniform, NoiseEstimator.Estimate(Noisy("uniform:0.2", clip: true, Dark())).Kind);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.4)]
    public void The_correlation_of_blurred_noise_is_found(double blur)
    {
        double[] taps = [.. Enumerable.Range(-4, 9).Select(i => Math.Exp(-i * i / (2 * blur * blur)))];
        double lag = Enumerable.Range(0, 8).Sum(i => taps[i] * taps[i + 1]) / taps.Sum(static tap => tap * tap);
        Image blurred = Blurred(new GaussianNoise(25).AddTo(Flat(0), clip: false, new RunSettings()), taps);
        NoiseEstimate estimate = NoiseEstimator.Estimate(Sum(Clean, blurred));
        Assert.Equal(lag, estimate.Lag1, 0.05);
        double power = taps.Sum(static tap => tap * tap) / (taps.Sum() * taps.Sum());
        Assert.Equal(25 * power, 255 * estimate.Sigma, 0.15 * 25 * power);
    }

    [Fact]
    public void What_cannot_be_measured_is_said()
    {
        Assert.NotEmpty(NoiseEstimator.Estimate(new Image(Samples.Picture(5, 5))).Warnings);
        Assert.Equal(NoiseKind.None, NoiseEstimator.Estimate(Flat(0.3f)).Kind);
        Assert.Equal(NoiseKind.None, NoiseEstimator.Estimate(Flat(0)).Kind);
        Assert.Equal(NoiseKind.None, NoiseEstimator.Estimate(Flat(1)).Kind);
    }

    [Fact]
    public void Clipped_moments_are_those_of_sampled_noise_and_can_be_undone()
    {
        var random = new CounterRandom(3, RandomStream.DemoPicture);
        foreach ((double x, double sigma) in ((double, double)[])[(0, 0.1), (0.05, 0.1), (0.5, 0.2), (0.95, 0.1)])
        {
            const int Count = 200_000;
            double sum = 0, squares = 0;
            for (int i = 0; i < Count; i++)
            {
                double y = Math.Clamp(x + (sigma * random.Normal((ulong)i)), 0, 1);
                (sum, squares) = (sum + y, squares + (y * y));
            }

            (double mean, double variance) = ClippedNormal.Moments(x, sigma, black: true, white: true);
            Assert.Equal(sum / Count, mean, 5 * sigma / Math.Sqrt(Count));
            Assert.Equal((squares / Count) - (sum / Count * (sum / Count)), variance, 0.02 * variance);
            (double X, double Sigma) undone = Assert.NotNull(ClippedNormal.Undo(mean, variance, true, true));
            Assert.Equal(x, undone.X, 0.02 * sigma);
            Assert.Equal(sigma, undone.Sigma, 0.02 * sigma);
            Assert.Equal(x, ClippedNormal.Invert(mean, _ => sigma, true, true), 1e-6);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_clipping_did_to_the_mean_is_undone_at_any_level(bool black, bool white)
    {
        foreach (double sigma in (double[])[1e-6, 0.01, 0.1, 0.5, 2])
        {
            // One level, and one that grows with brightness as that of photons does.
            foreach (Func<double, double> sigmaOf in (Func<double, double>[])
                [_ => sigma, x => sigma * Math.Sqrt(0.01 + Math.Max(0, x))])
            {
                double Mean(double x) => ClippedNormal.Moments(x, sigmaOf(x), black, white).Mean;
                for (int i = 0; i <= 100; i++)
                {
                    double mean = i / 100.0, x = ClippedNormal.Invert(mean, sigmaOf, black, white);
                    Assert.InRange(x, 0, 1);
                    Assert.Equal(Math.Clamp(mean, Mean(0), Mean(1)), Mean(x), 1e-9);
                }
            }
        }
    }

    [Fact]
    public void The_clipped_mean_is_that_of_SciPy()
    {
        foreach (System.Text.Json.JsonElement entry in Golden.Values
            .GetProperty("clipped_gaussian_mean")
            .EnumerateArray())
        {
            (double x, double sigma) = (entry.GetProperty("x").GetDouble(), entry.GetProperty("sigma").GetDouble());
            Assert.Equal(
                entry.GetProperty("clipped_mean").GetDouble(),
                ClippedNormal.Moments(x, sigma, black: true, white: false).Mean, 1e-12);
        }
    }

    [Fact]
    public void The_inverse_of_Anscombe_is_unbiased()
    {
        // With gain 1 and no read noise the samples are counts: the expected transform goes back to the mean.
        var anscombe = new GeneralisedAnscombe(1, 0);
        foreach (System.Text.Json.JsonElement entry in Golden.Values.GetProperty("anscombe").EnumerateArray())
        {
            double mean = entry.GetProperty("mean").GetDouble();

            // The closed form is within 0.02 counts of the exact inverse (Mäkitalo and Foi, 2011, fig. 3).
            Assert.Equal(
                mean, anscombe.Inverse(entry.GetProperty("expected_anscombe").GetDouble()), 0.02 + (1e-3 * mean));
        }
    }

    [Fact]
    public void An_offset_of_the_camera_changes_nothing_but_the_brightness()
    {
        var plain = new GeneralisedAnscombe(0.04, 0.001);
        var shifted = new GeneralisedAnscombe(0.04, 0.001, offset: 0.1);
        Assert.Equal(plain.Forward(0.3), shifted.Forward(0.4), 1e-9);
        Assert.Equal(plain.Inverse(8) + 0.1, shifted.Inverse(8), 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(526)]
    public void Noise_that_was_cut_off_is_seen_wherever_black_is(float black)
    {
        // A third of the picture is darker than the noise is strong.
        float[] samples = [.. Enumerable.Range(0, 128 * 128).Select(static i => 0.5f * (i % 128) / 128)];
        var clean = new Image(Plane.From(128, 128, samples), new SampleScale(black, black + 5700, Bounded: true));
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: true, new RunSettings());
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy);
        Assert.True(noise.CutAtBlack);
        Assert.Equal(NoiseKind.Gaussian, noise.Kind);
        Assert.Equal(25, 255 * noise.Sigma, 1.5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_floor_of_a_camera_stays_where_it_is(bool isCutOff)
    {
        // Read noise of three photons: an inverse that ends at the offset lifts a floor that is denoised to nothing but
        // noise of its own.
        var draws = new CounterRandom(17, RandomStream.AddedNoise);
        const double Gain = 0.01, Read = 0.03, Offset = 0.2;
        var anscombe = new GeneralisedAnscombe(Gain, Read * Read, Offset, isCutOff);
        double[] floor = [.. Enumerable.Range(0, 20000).Select(i => Offset + (Read * draws.Normal((ulong)i)))];
        double middle = floor.Average(anscombe.Forward);
        double result = anscombe.Inverse(middle);
        if (isCutOff)
        {
            Assert.True(result >= Offset, $"{result}");
        }
        else
        {
            Assert.Equal(floor.Average(), result, 0.05 * Read);
            Assert.True(anscombe.Inverse(0) <= Offset - (0.5 * Read), "darker than the floor is not cut off");
        }
    }

    [Fact]
    public void An_image_is_measured_once()
    {
        Image clean = new(Plane.From(64, 64, [.. Enumerable.Range(0, 64 * 64).Select(static i => i % 64 / 64f)]));
        Image noisy = NoiseModel.Parse("gaussian:25").AddTo(clean, clip: true, new RunSettings());
        Assert.Same(NoiseEstimator.Estimate(noisy), NoiseEstimator.Estimate(noisy));
    }

    [Fact]
    public void What_a_data_sheet_says_takes_the_place_of_what_was_measured()
    {
        Image clean = new(Plane.From(64, 64, [.. Enumerable.Range(0, 64 * 64).Select(static i => i % 64 / 64f)]));
        Image noisy = NoiseModel.Parse("camera:2.2:2.5:100:600").AddTo(clean, clip: true, new RunSettings());
        NoiseEstimate measured = NoiseEstimator.Estimate(noisy);
        NoiseEstimate known = new KnownNoise { Gain = 2, ReadNoise = 3, Offset = 90 }.In(measured, noisy.Scale);
        Assert.Equal(2 / 65535.0, known.Gain, 1e-12);
        Assert.Equal(3 / 65535.0, known.ReadNoise, 1e-12);
        Assert.Equal(90 / 65535.0, known.Offset, 1e-12);
        Assert.Equal(1, known.Confidence);
        Assert.All(known.Levels, static level => Assert.Equal(
            Math.Sqrt((2 * ((65535 * level.Brightness) - 90)) + 9), 65535 * level.Sigma, 0.01));

        // The read noise alone: the gain follows from what was measured where it is bright.
        NoiseEstimate partly = new KnownNoise { ReadNoise = 2.5, Offset = 100 }.In(measured, noisy.Scale);
        Assert.Equal(2.2, 65535 * partly.Gain, 0.2);
    }

    [Fact]
    public void Eigenvalues_are_those_of_a_known_matrix()
    {
        // The second difference on n points: 2 − 2 cos(kπ/(n + 1)).
        const int N = 40;
        double[] matrix = new double[N * N];
        for (int i = 0; i < N; i++)
        {
            matrix[(i * N) + i] = 2;
            if (i > 0)
            {
                matrix[(i * N) + i - 1] = matrix[((i - 1) * N) + i] = -1;
            }
        }

        double[] expected =
        [
            .. Enumerable.Range(1, N).Select(static k => 2 - (2 * Math.Cos(k * Math.PI / (N + 1)))).OrderDescending()
        ];
        double[] actual = SymmetricEigenvalues.Of(matrix, N);
        for (int i = 0; i < N; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-12);
        }
    }

    [Fact]
    public void A_full_matrix_keeps_trace_and_squares()
    {
        const int N = 64;
        float[] random = Samples.Gaussian(N * N, seed: 3);
        double[] matrix = new double[N * N];
        for (int i = 0; i < N * N; i++)
        {
            matrix[i] = random[i] + random[(i % N * N) + (i / N)];
        }

        (double trace, double squares) =
            (Enumerable.Range(0, N).Sum(i => matrix[(i * N) + i]), matrix.Sum(static a => a * a));
        double[] values = SymmetricEigenvalues.Of(matrix, N);
        Assert.Equal(trace, values.Sum(), 1e-9);
        Assert.Equal(squares, values.Sum(static value => value * value), 1e-8);
    }

    [Theory]
    [InlineData("gaussian:25")]
    [InlineData("poisson:20")]
    [InlineData("uniform:0.2")]
    public void Knowing_the_noise_is_worth_decibels_in_the_dark(string noise)
    {
        Image clean = Dark(), noisy = Noisy(noise, clip: true, clean);
        Denoised aware =
            new NoiseAwareDenoiser(static told => new Bm3dDenoiser(told), new NoiseHandling()).Denoise(noisy);
        Image bare = new Bm3dDenoiser(new Bm3dOptions { Sigma = 0.1f }).Denoise(noisy).Image;
        Assert.True(
            Error(clean, aware.Image) < 0.8 * Error(clean, bare),
            $"{Error(clean, aware.Image)} aware, {Error(clean, bare)} bare");
        Assert.NotNull(aware.Report.SigmaEstimated);
    }

    [Fact]
    public void A_given_sigma_is_taken_and_nothing_is_stabilised()
    {
        Image noisy = Noisy("poisson:25", clip: false);
        Denoised aware = new NoiseAwareDenoiser(
            static told => new Bm3dDenoiser(told), new NoiseHandling { Sigma = 0.1f, Declip = false }).Denoise(noisy);
        Assert.Equal(
            new Bm3dDenoiser(new Bm3dOptions { Sigma = 0.1f }).Denoise(noisy).Image.Planes[0].Samples.ToArray(),
            aware.Image.Planes[0].Samples.ToArray());
        Assert.Null(aware.Report.SigmaEstimated);
    }

    [Fact]
    public void Without_noise_the_image_comes_back_as_it_is()
    {
        Image flat = Flat(0.4f);
        Denoised aware =
            new NoiseAwareDenoiser(static told => new Bm3dDenoiser(told), new NoiseHandling()).Denoise(flat);
        Assert.Equal(flat.Planes[0].Samples.ToArray(), aware.Image.Planes[0].Samples.ToArray());
        Assert.NotEmpty(aware.Report.Warnings);
    }

    [Fact]
    public void Correlated_noise_is_better_removed_when_its_spectrum_is_known()
    {
        double[] taps = [.. Enumerable.Range(-4, 9).Select(static i => Math.Exp(-i * i / 2.0))];
        Image noisy = Sum(Smooth, Blurred(new GaussianNoise(60).AddTo(Flat(0), clip: false, new RunSettings()), taps));
        NoiseEstimate estimate = NoiseEstimator.Estimate(noisy);
        var noise = new AdditiveNoise((float)estimate.Sigma);
        double white = Error(Smooth, new Bm3dDenoiser(noise).Denoise(noisy).Image);
        double coloured = Error(
            Smooth, new Bm3dDenoiser(noise with { Autocorrelation = estimate.Autocorrelation }).Denoise(noisy).Image);
        Assert.True(coloured < 0.9 * white, $"{coloured} with the spectrum, {white} without");
    }

    [Fact]
    public void Struck_samples_are_counted_and_do_not_spoil_the_level()
    {
        NoiseEstimate estimate = NoiseEstimator.Estimate(NoiseModel.Parse("salt-pepper:0.03").AddTo(
            Noisy("gaussian:10", clip: true, Smooth), clip: true, new RunSettings()));
        Assert.Equal(NoiseKind.Impulsive, estimate.Kind);
        Assert.Equal(0.03 * 256 * 256, estimate.HotPixels, 0.15 * 0.03 * 256 * 256);
        Assert.Equal(10, 255 * estimate.Sigma, 1.5);
    }

    [Theory]
    [InlineData("poisson:3")]
    [InlineData("poisson:5")]
    // of 65,536
    public void Single_photons_are_no_stuck_pixels(string noise) =>
        Assert.InRange(NoiseEstimator.Estimate(Noisy(noise, clip: true, Dark())).HotPixels, 0, 3);

    [Fact]
    public void Pages_are_pooled()
    {
        // A page of 64 x 64 has few patches; sixteen of them have enough.
        Image noisy = Noisy("gaussian:25", clip: false, Smooth);
        Image[] pages = [.. Enumerable.Range(0, 16).Select(i => noisy.Crop(64 * (i % 4), 64 * (i / 4), 64, 64))];
        NoiseEstimate one = NoiseEstimator.Estimate(pages[0]), all = NoiseEstimator.Estimate(pages);
        Assert.Equal(25, 255 * all.Sigma, 1.5);
        Assert.True(all.Confidence > one.Confidence);
        Assert.Throws<ArgumentException>(() => NoiseEstimator.Estimate([pages[0], noisy]));
    }

    [Fact]
    public void A_method_that_takes_correlated_noise_for_white_is_warned_of()
    {
        double[] taps = [.. Enumerable.Range(-4, 9).Select(static i => Math.Exp(-i * i))];
        Image noisy = Sum(Smooth, Blurred(new GaussianNoise(60).AddTo(Flat(0), clip: false, new RunSettings()), taps));
        var method = new NoiseAwareDenoiser(static told => new Bm3dDenoiser(told), new NoiseHandling());
        Assert.DoesNotContain(
            method.Denoise(noisy).Report.Warnings,
            static line => line.Contains("correlated", StringComparison.Ordinal));
        var white = new NoiseAwareDenoiser(static told => new Bm3dDenoiser(told), new NoiseHandling())
        {
            TakesNoiseForWhite = true,
        };
        Assert.Single(
            white.Denoise(noisy).Report.Warnings,
            static line => line.Contains("correlated (0.", StringComparison.Ordinal));
    }

    private static Image Noisy(string noise, bool clip, Image? clean = null) =>
        NoiseModel.Parse(noise).AddTo(clean ?? Clean, clip, new RunSettings { Seed = 1 });

    /// <summary>A slow wave: nothing that could be taken for noise.</summary>
    private static Image Smooth => new(Plane.Create(256, 256, 0, static (to, _) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (float)(0.5 + (0.2 * Math.Sin(i % 256 / 20.0) * Math.Cos(i / 256 / 25.0)));
        }
    }));

    /// <summary>Discs so large that most patches have no edge, as in a picture that is sharp enough.</summary>
    private static Plane Large() => Plane.Create(256, 256, Samples.Picture(64, 64), static (to, small) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = small.Row(i / 256 / 4)[i % 256 / 4];
        }
    });

    /// <summary>Three quarters black, the rest discs: a fluorescence picture's histogram.</summary>
    private static Image Dark() => new(Plane.Create(256, 256, 0, static (to, _) =>
    {
        ReadOnlySpan<float> picture = Large().Samples;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = Math.Max(0.01f, (1.6f * picture[i]) - 0.75f);
        }
    }));

    private static Image Flat(float level) => new(Plane.Create(256, 256, level, static (to, value) => to.Fill(value)));

    private static Image Sum(Image a, Image b) => new(Plane.Create(a.Width, a.Height, (a, b), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.a.Planes[0].Samples[i] + from.b.Planes[0].Samples[i];
        }
    }));

    private static Image Blurred(Image image, double[] taps) =>
        new(Plane.Create(image.Width, image.Height, (image, taps), static (to, from) =>
    {
        Plane plane = from.image.Planes[0];
        double norm = from.taps.Sum() * from.taps.Sum();
        for (int i = 0; i < to.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < 81; k++)
            {
                int x = BorderIndex.Mirror((i % plane.Width) + (k % 9) - 4, plane.Width),
                    y = BorderIndex.Mirror((i / plane.Width) + (k / 9) - 4, plane.Height);
                sum += from.taps[k % 9] * from.taps[k / 9] * plane.Row(y)[x];
            }

            to[i] = (float)(sum / norm);
        }
    }));

    private static double Error(Image clean, Image test) =>
        clean.Planes[0].Samples
            .ToArray()
            .Zip(test.Planes[0].Samples.ToArray(), static (a, b) => ((double)a - b) * (a - b))
            .Sum();
}
