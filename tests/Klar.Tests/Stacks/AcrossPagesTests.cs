using Klar.Tests.Support;

namespace Klar.Tests.Stacks;

/// <summary>Pages with their neighbours at hand, on scenes whose course in time is known.</summary>
public sealed class AcrossPagesTests
{
    private const int Side = 72;
    private const int Small = 40;
    private const float Sigma = 20f / 255;

    [Fact]
    public void A_scene_at_rest_gains_what_its_pages_are_worth()
    {
        Image[] noisy = Noisy(9, static (_, _, _) => 0);
        Image[] across = All(noisy, Bm3d);
        double gain = Mean(noisy.Select((page, p) => Error(Bm3d(new RunSettings()).Denoise(page).Image, p, null)))
            / Mean(across.Select((page, p) => Error(page, p, null)));
        Assert.True(10 * Math.Log10(gain) > 3, $"{10 * Math.Log10(gain):F2} dB over page by page");
    }

    [Theory]
    [InlineData("bm3d")]
    [InlineData("nl-ridge")]
    [InlineData("prior")]
    public void A_page_depends_neither_on_threads_nor_on_what_was_asked_before(string method)
    {
        Func<RunSettings, IDenoiser> create = method switch
        {
            "bm3d" => Bm3d,
            "nl-ridge" => static run => new NlRidgeDenoiser(new NlRidgeOptions { Sigma = Sigma }, run),
            _ => static run => new PriorDenoiser(new AdditiveNoise(Sigma), run),
        };
        Image[] noisy = Noisy(14, Spot(speed: 1));
        Image[] inOrder = All(noisy, create);
        var across = new AcrossPages(noisy.Length, page => noisy[page], create);
        foreach (int page in (int[])[11, 12, 3, 0, 13])
        {
            Image alone = across.Denoise(page, new RunSettings { Threads = 3 }).Image;
            Assert.Equal(inOrder[page].Planes[0].Samples.ToArray(), alone.Planes[0].Samples.ToArray());
        }
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_spot_that_crosses_leaves_no_ghost(float speed)
    {
        Func<int, int, int, float> spot = Spot(speed);
        Image[] noisy = Noisy(13, spot), across = All(noisy, Bm3d);
        for (int p = 1; p < noisy.Length - 1; p++)
        {
            // Where the spot is on a neighbouring page and not on this one.
            double ghost = 0, weights = 0;
            for (int i = 0; i < Side * Side; i++)
            {
                (int x, int y) = (i % Side, i / Side);
                float own = spot(x, y, p), other = Math.Max(spot(x, y, p - 1), spot(x, y, p + 1));
                if (other > 0.2f && own < 0.02f)
                {
                    ghost += other * (across[p].Planes[0].Samples[i] - Background(x, y));
                    weights += other * other;
                }
            }

            Assert.True(weights == 0 || ghost / weights < 0.15, $"page {p}: {ghost / weights:P0} of the spot");
        }
    }

    [Theory]
    [InlineData("bm3d", 0.9)]
    [InlineData("prior", 1)]
    public void A_flash_keeps_the_height_that_its_page_alone_gives_it_and_stays_there(string method, double share)
    {
        // Thirty pixels, three sigma at the peak, on one page.
        const int Page = 6;
        static bool IsInside(int x, int y) => ((x - 36) * (x - 36)) + ((y - 30) * (y - 30)) <= 9;
        Func<RunSettings, IDenoiser> create =
            method == "bm3d" ? Bm3d : static run => new PriorDenoiser(new AdditiveNoise(Sigma), run);
        Image[] noisy = Noisy(13, static (x, y, p) => p == Page && IsInside(x, y) ? 3 * Sigma : 0);
        Image[] across = All(noisy, create);
        static double Height(Image image)
        {
            (double sum, int count) = (0, 0);
            for (int i = 0; i < Side * Side; i++)
            {
                if (IsInside(i % Side, i / Side))
                {
                    sum += image.Planes[0].Samples[i] - Background(i % Side, i / Side);
                    count++;
                }
            }

            return sum / count / (3 * Sigma);
        }

        double alone = Height(create(new RunSettings()).Denoise(noisy[Page]).Image);
        double found = Height(across[Page]);
        Assert.True(found > share * alone, $"{found:P0} of its height are left, {alone:P0} of a page alone");
        Assert.All(
            (int[])[Page - 2, Page - 1, Page + 1, Page + 2],
            page => Assert.InRange(Height(across[page]), -0.1, 0.1));
    }

    [Fact]
    public void Bleaching_keeps_its_course()
    {
        static float Bleached(int x, int y, int p) => (MathF.Pow(0.5f, p / 12f) - 1) * Background(x, y);
        Image[] noisy = Noisy(13, Bleached), across = All(noisy, Bm3d);
        for (int p = 0; p < noisy.Length; p++)
        {
            double before = Mean(noisy[p].Planes[0].Samples.ToArray().Select(static s => (double)s));
            double after = Mean(across[p].Planes[0].Samples.ToArray().Select(static s => (double)s));
            Assert.InRange(after / before, 0.999, 1.001);
        }

        double gain = Mean(noisy.Select((page, p) => Error(Bm3d(new RunSettings()).Denoise(page).Image, p, Bleached)))
            / Mean(across.Select((page, p) => Error(page, p, Bleached)));
        Assert.True(10 * Math.Log10(gain) > 2, $"{10 * Math.Log10(gain):F2} dB over page by page");
    }

    [Fact]
    public void Pages_of_other_scenes_are_as_if_alone()
    {
        // Each page another scene, as positions of a plate are.
        Image[] noisy =
        [
            .. Enumerable.Range(0, 5).Select(static page =>
                WithNoise(Samples.Picture(Side, Side, (ulong)(40 + (7 * page))), page)),
        ];
        var across = new AcrossPages(noisy.Length, page => noisy[page], Bm3d);
        for (int p = 0; p < noisy.Length; p++)
        {
            Denoised denoised = across.Denoise(p, new RunSettings());
            Assert.Equal("alone", denoised.Report.Settings["across"]);
            Assert.Equal(
                Bm3d(new RunSettings()).Denoise(noisy[p]).Image.Planes[0].Samples.ToArray(),
                denoised.Image.Planes[0].Samples.ToArray());
        }
    }

    [Fact]
    public void Empty_pages_stay_as_flat_as_the_method_leaves_them()
    {
        Image[] noisy = [.. Enumerable.Range(0, 9).Select(static page => WithNoise(
            Plane.Create(Side, Side, 0, static (to, _) => to.Fill(0.3f)), page))];
        Image[] across = All(noisy, Bm3d);
        for (int p = 0; p < noisy.Length; p++)
        {
            double alone = Spread(Bm3d(new RunSettings()).Denoise(noisy[p]).Image);
            Assert.True(Spread(across[p]) < 1.2 * alone, $"page {p}: {Spread(across[p])}, alone {alone}");
        }

        static double Spread(Image image)
        {
            float[] samples = image.Planes[0].Samples.ToArray();
            double mean = samples.Average(static s => (double)s);
            return Math.Sqrt(samples.Average(s => (s - mean) * (s - mean)));
        }
    }

    [Fact]
    public void Noise_that_pages_have_in_common_is_said_and_not_averaged()
    {
        Image first = Noisy(1, static (_, _, _) => 0)[0];
        var across = new AcrossPages(5, _ => first, Bm3d);
        Denoised denoised = across.Denoise(2, new RunSettings());
        Assert.Equal("alone", denoised.Report.Settings["across"]);
        Assert.Contains(denoised.Report.Warnings, static line => line.Contains("in common", StringComparison.Ordinal));
    }

    [Fact]
    public void Colour_pages_help_each_other()
    {
        Image Colour(int page)
        {
            Image[] channels =
            [
                .. Enumerable.Range(0, 3).Select(c => WithNoise(
                    Plane.Create(
                        Side, Side, c,
                        static (to, shade) => Fill(to, (x, y) => Background(x, y) * (1 - (0.2f * shade)))),
                    (10 * page) + c)),
            ];
            return new Image([.. channels.Select(static channel => channel.Planes[0])], SampleScale.EightBit);
        }

        Image[] noisy = [.. Enumerable.Range(0, 5).Select(Colour)];
        Image across = new AcrossPages(5, page => noisy[page], Bm3d).Denoise(2, new RunSettings()).Image;
        Image alone = Bm3d(new RunSettings()).Denoise(noisy[2]).Image;
        double gain = Error(alone, 0, null) / Error(across, 0, null);
        Assert.True(10 * Math.Log10(gain) > 1.5, $"{10 * Math.Log10(gain):F2} dB");
    }

    [Fact]
    [Trait("Category", "Kernel")]
    public void Its_bits_are_the_same_on_every_register_width()
    {
        // Without SIMD every sample takes long. Of Klar's own functions alone: another machine's exponential may
        // differ in its last bit.
        Image[] noisy =
            [.. Enumerable.Range(0, 3).Select(static page => WithNoise(Samples.Picture(Small, Small), page))];
        var across = new AcrossPages(noisy.Length, page => noisy[page], Bm3d);
        Fingerprints.Matches("across bm3d", across.Denoise(1, new RunSettings { Threads = 2 }).Image.Planes[0].Samples);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        Image[] noisy = Noisy(3, static (_, _, _) => 0);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var across = new AcrossPages(3, page => noisy[page], Bm3d);
        Assert.ThrowsAny<OperationCanceledException>(
            () => across.Denoise(1, new RunSettings(), cancel: cancel.Token));
    }

    private static IDenoiser Bm3d(RunSettings run) => new Bm3dDenoiser(new AdditiveNoise(Sigma), run);

    private static Image[] All(Image[] noisy, Func<RunSettings, IDenoiser> create)
    {
        var across = new AcrossPages(noisy.Length, page => noisy[page], create);
        return [.. noisy.Select((_, page) => across.Denoise(page, new RunSettings { Threads = 1 }).Image)];
    }

    /// <summary>Soft cells on a dark ground.</summary>
    private static float Background(int x, int y)
    {
        float Cell(float cx, float cy, float r) =>
            MathF.Exp(-(((x - cx) * (x - cx)) + ((y - cy) * (y - cy))) / (2 * r * r));
        return 0.2f + (0.4f * Cell(18, 20, 6)) + (0.5f * Cell(52, 50, 9)) + (0.3f * Cell(20, 56, 4));
    }

    /// <summary>A spot of two pixels that moves along a row.</summary>
    private static Func<int, int, int, float> Spot(float speed) => (x, y, p) =>
    {
        float cx = 30 + (speed * (p - 6)), dx = x - cx, dy = y - 34;
        return 6 * Sigma * MathF.Exp(-((dx * dx) + (dy * dy)) / 2);
    };

    private static Image[] Noisy(int pages, Func<int, int, int, float> change) =>
    [
        .. Enumerable.Range(0, pages).Select(page => WithNoise(
            Plane.Create(
                Side, Side, (page, change),
                static (to, of) => Fill(to, (x, y) => Background(x, y) + of.change(x, y, of.page))),
            page)),
    ];

    private static void Fill(Span<float> to, Func<int, int, float> sample)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = sample(i % Side, i / Side);
        }
    }

    private static Image WithNoise(Plane clean, int page)
    {
        float[] noise = Samples.Gaussian(clean.Width * clean.Height, (ulong)(100 + page), Sigma);
        return new Image(
            [
                Plane.Create(clean.Width, clean.Height, (clean, noise), static (to, from) =>
                {
                    for (int i = 0; i < to.Length; i++)
                    {
                        to[i] = from.clean.Samples[i] + from.noise[i];
                    }
                }),
            ],
            SampleScale.EightBit);
    }

    /// <summary>The mean squared error of a page's first channel.</summary>
    private static double Error(Image image, int page, Func<int, int, int, float>? change)
    {
        double sum = 0;
        for (int i = 0; i < Side * Side; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            double off = image.Planes[0].Samples[i] - Background(x, y) - (change?.Invoke(x, y, page) ?? 0);
            sum += off * off;
        }

        return sum / (Side * Side);
    }

    private static double Mean(IEnumerable<double> values) => values.Average();
}
