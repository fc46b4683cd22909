using Klar.Catalogue;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests;

/// <summary>What every method owes its users, method by method, with the tolerance that each can keep.</summary>
public sealed class DenoiserLawTests
{
    /// <param name="Settings">Options that keep the test short.</param>
    /// <param name="Constant">How far a constant may come out from itself.</param>
    /// <param name="Flips">How far flipping before may differ from flipping after; null where it plainly may.</param>
    /// <param name="Steps">Training steps for the fingerprint.</param>
    private sealed record Law(
        Dictionary<string, string> Settings, double Constant = 0, double? Flips = 0, string Steps = "5");

    private static readonly Dictionary<string, Law> Laws = new()
    {
        ["mean"] = new([], Constant: 1e-7, Flips: 1e-6),
        ["gaussian"] = new([], Constant: 2e-7, Flips: 0),
        ["median"] = new([]),
        ["bilateral"] = new([], Flips: 2e-6),
        ["wiener"] = new([], Constant: 1e-7, Flips: 1e-5),
        // the grid of references begins at the left
        ["bm3d"] = new(new() { ["sigma"] = "25" }, Constant: 2e-6, Flips: 0.1),
        ["nl-ridge"] = new(new() { ["sigma"] = "25" }, Constant: 1e-6, Flips: 0.1),
        // ten passes, each on the groups of the one before
        ["lichi"] = new(new() { ["sigma"] = "25" }, Constant: 5e-6, Flips: 0.15),
        ["prior"] = new(new() { ["sigma"] = "25" }, Flips: null), // a network knows no symmetry
        ["zs-n2n"] = new(new() { ["steps"] = "150" }, Constant: 0.05, Flips: null), // a network starts from chance
        // wide networks take long without SIMD
        ["noise2fast"] = new(new() { ["steps"] = "60" }, Flips: null, Steps: "2"),
        ["neighbor2neighbor"] = new(new() { ["steps"] = "150", ["batch"] = "2" }, Flips: null, Steps: "1"),
        ["klar"] = new(
            new() { ["sigma"] = "25", ["effort"] = "fast", ["steps"] = "3" }, Constant: 1e-3, Flips: null, Steps: "1"),
        ["auto"] = new(new() { ["effort"] = "fast", ["steps"] = "3" }, Flips: null, Steps: "1"),
    };

    /// <summary>Where it does not matter what is learned.</summary>
    private static readonly (string, string) Short = ("steps", "8");

    public static TheoryData<string> Methods => [.. MethodCatalogue.All.Select(static method => method.Name)];

    public static TheoryData<string> MethodsThatFlip =>
        [.. Laws.Where(static law => law.Value.Flips is not null).Select(static law => law.Key)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_constant_stays_constant(string method)
    {
        var flat = new Image(Plane.Create(40, 32, 0.4f, static (to, level) => to.Fill(level)));
        Image result = Run(method, flat);
        Golden.Matches(flat.Planes[0].Samples, result.Planes[0].Samples, Laws[method].Constant, method);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_input_is_left_alone_and_the_result_has_its_size(string method)
    {
        Image noisy = Noisy(37, 29, channels: 2);
        float[] before = noisy.Planes[1].Samples.ToArray();
        Image result = Run(method, noisy, Short);
        Assert.Equal(before, noisy.Planes[1].Samples.ToArray());
        Assert.Equal((37, 29, 2), (result.Width, result.Height, result.Planes.Count));
        Assert.All(
            result.Planes,
            static plane => Assert.All(plane.Samples.ToArray(), static sample => Assert.True(float.IsFinite(sample))));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Any_size_from_one_pixel_up_works(string method)
    {
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (1, 7), (5, 1), (2, 2), (3, 4), (17, 3)])
        {
            Image result = Run(method, Noisy(width, height), ("steps", "3"));
            Assert.Equal((width, height), (result.Width, result.Height));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Any_number_of_threads_gives_the_same_bits(string method)
    {
        Image noisy = Noisy(150, 101);
        float[] expected =
            Run(method, noisy, new RunSettings { Threads = 1 }, ("steps", "4")).Planes[0].Samples.ToArray();
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.Equal(
                expected,
                Run(method, noisy, new RunSettings { Threads = threads }, ("steps", "4")).Planes[0].Samples.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    [Trait("Category", "Kernel")]
    public void The_bits_are_the_same_at_every_register_width(string method) =>
        Fingerprints.Matches(
            $"method {method}", Run(method, Noisy(50, 37), ("steps", Laws[method].Steps)).Planes[0].Samples);

    [Theory]
    [MemberData(nameof(MethodsThatFlip))]
    public void Flipping_commutes(string method)
    {
        Image noisy = Noisy(41, 33);
        Image after = Flipped(Run(method, noisy));
        Image before = Run(method, Flipped(noisy));
        Golden.Matches(after.Planes[0].Samples, before.Planes[0].Samples, Laws[method].Flips!.Value, method);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_picture_gets_better_under_three_kinds_of_noise(string method)
    {
        var clean = new Image(Samples.Picture(96, 80));
        foreach (string noise in (string[])["gaussian:25", "poisson:20", "uniform:0.4"])
        {
            Image noisy = NoiseModel.Parse(noise).AddTo(clean, clip: true, new RunSettings());
            Assert.True(Error(clean, Run(method, noisy)) < 0.8 * Error(clean, noisy), $"{method}, {noise}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void NaN_and_infinity_are_refused_with_their_position(string method)
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            float[] samples = Noisy(40, 20).Planes[0].Samples.ToArray();
            samples[(7 * 40) + 33] = bad;
            NonFiniteSampleException refusal = Assert.Throws<NonFiniteSampleException>(
                () => Run(method, new Image(Plane.From(40, 20, samples))));
            Assert.Equal((33, 7, 0, bad), (refusal.X, refusal.Y, refusal.Channel, refusal.Value));
            Assert.Contains("x=33, y=7", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Cancelling_throws(string method)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        IDenoiser denoiser = MethodCatalogue.Find(method)!.Create(Laws[method].Settings, new RunSettings());
        Assert.ThrowsAny<OperationCanceledException>(() => denoiser.Denoise(Noisy(64, 64), cancel: source.Token));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Progress_never_goes_back_and_ends_at_one(string method)
    {
        var heard = new Heard();
        Create(method, new RunSettings(), Short).Denoise(Noisy(70, 90, channels: 2), heard);
        Assert.Equal(heard.Fractions.Order(), heard.Fractions);
        Assert.Equal(1, heard.Fractions[^1], 1e-9);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_report_repeats_the_run(string method)
    {
        Denoised result = Create(method, new RunSettings { Seed = 9 }, Short).Denoise(Noisy(16, 16));
        Assert.Equal(method, result.Report.Method);
        Assert.Equal(9UL, result.Report.Seed);
        Assert.All(
            MethodCatalogue.Find(method)!.Options, option => Assert.Contains(option.Name, result.Report.Settings.Keys));
    }

    private static Image Noisy(int width, int height, int channels = 1) => new GaussianNoise(25).AddTo(
        new Image([.. Enumerable.Range(0, channels).Select(c => Samples.Picture(width, height, (ulong)c + 1))]),
        clip: true, new RunSettings());

    private static Image Run(string method, Image noisy, params (string, string)[] settings) =>
        Run(method, noisy, new RunSettings { Threads = 2 }, settings);

    private static Image Run(string method, Image noisy, RunSettings run, params (string, string)[] settings) =>
        Create(method, run, settings).Denoise(noisy).Image;

    private static IDenoiser Create(string method, RunSettings run, params (string Name, string Value)[] settings)
    {
        Method entry = MethodCatalogue.Find(method)!;
        var all = new Dictionary<string, string>(Laws[method].Settings);
        foreach ((
            string name,
            string value) in settings.Where(setting => entry.Options.Any(option => option.Name == setting.Name)))
        {
            all[name] = value;
        }

        return entry.Create(all, run);
    }

    private static Image Flipped(Image image) => image.With([.. image.Planes.Select(static plane =>
        Plane.Create(plane.Width, plane.Height, plane, static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.Row(i / from.Width)[from.Width - 1 - (i % from.Width)];
        }
    }))]);

    private static double Error(Image clean, Image test)
    {
        double sum = 0;
        for (int i = 0; i < clean.Planes[0].Samples.Length; i++)
        {
            double difference = clean.Planes[0].Samples[i] - test.Planes[0].Samples[i];
            sum += difference * difference;
        }

        return sum;
    }

    private sealed class Heard : IProgress<DenoiseProgress>
    {
        public List<double> Fractions { get; } = [];

        public void Report(DenoiseProgress value) => Fractions.Add(value.Fraction);
    }
}
