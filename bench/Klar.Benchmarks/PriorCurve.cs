using System.Globalization;
using Klar.Formats;
using Klar.Metrics;
using Klar.Networks;
using Klar.Noise;
using Klar.Prior;
using static System.FormattableString;

namespace Klar.Benchmarks;

/// <summary>
/// How good the prior is, along its training: pictures with white noise of σ 25 of known level, not clipped, and
/// microscope pairs with their level measured.
/// </summary>
internal static class PriorCurve
{
    /// <summary>
    /// <c>prior-curve MODEL OUT.csv DATA</c>: appends a row to OUT.csv; DATA is the folder with clean/ and pairs/.
    /// </summary>
    public static void Run(string model, string output, string data)
    {
        Network network = PriorNetwork.Of();
        using FileStream file = File.OpenRead(model);
        (PreparedWeights weights, IReadOnlyDictionary<string, string> notes) = PriorWeights.Load(file, network);
        var prior = new PriorOutput(network, weights, threads: 1);
        var scores = new List<(string Name, double Psnr)>();
        foreach (string name in (string[])["set12/01.png", "set12/02.png", "set12/05.png", "kodak/kodim03.png"])
        {
            Image clean = Gray(ImageFile.Read(Path.Combine(data, "clean", name)).Image);
            Image noisy = NoiseModel.Parse("gaussian:25").AddTo(clean, clip: false, new RunSettings());
            scores.Add((name, ImageQuality.Of(clean, Denoised(prior, noisy, 25 / 255f, (0, 0))).Psnr ?? 0));
        }

        foreach (string name in (string[])["Confocal_FISH_1", "TwoPhoton_MICE_1"])
        {
            Image clean = ImageFile.Read(Path.Combine(data, "pairs", "fmd", name + ".clean.png")).Image,
                noisy = ImageFile.Read(Path.Combine(data, "pairs", "fmd", name + ".noisy.png")).Image;
            var aware = new NoiseAwareDenoiser(noise => new Bare(prior, noise), new NoiseHandling());
            scores.Add((name, ImageQuality.Of(clean, aware.Denoise(noisy).Image).Psnr ?? 0));
        }

        if (!File.Exists(output))
        {
            File.WriteAllText(output, $"pixels,steps,{string.Join(',', scores.Select(static score => score.Name))}\n");
        }

        string[] decibels = [.. scores.Select(static score => Invariant($"{score.Psnr:F3}"))];
        string row = $"{notes["pixels"]},{notes["steps"]},{string.Join(',', decibels)}";
        File.AppendAllText(output, row + "\n");
        Console.WriteLine(row);
    }

    /// <summary><c>prior-speed STEPS BATCH SIDE</c>: pixels trained on in a second of user time.</summary>
    public static void Speed(int steps, int batch, int side)
    {
        var training = new PriorTraining(
            new PriorTrainingOptions { Steps = 100000, Batch = batch, CropSize = side },
            new RunSettings { Threads = 1 });
        _ = training.Steps().Take(10).Last();
        TimeSpan began = Environment.CpuUsage.UserTime;
        double loss = training.Steps().Take(steps).Average(static step => step.Loss);
        double seconds = (Environment.CpuUsage.UserTime - began).TotalSeconds;
        double thousands = (double)steps * batch * side * side / seconds / 1e3;
        Console.WriteLine(Invariant($"{thousands:F0} thousand pixels a second of user time"));
        Console.WriteLine(Invariant($"{1000 * seconds / steps:F0} ms a step, mean loss {loss:G4}"));
    }

    /// <summary>
    /// <c>prior-set MODEL SIGMAS FOLDER</c>: every picture of a folder, with white noise of known level that is not
    /// clipped.
    /// </summary>
    public static void Set(string model, string sigmas, string folder)
    {
        Network network = PriorNetwork.Of();
        using FileStream file = File.OpenRead(model);
        var prior = new PriorOutput(network, PriorWeights.Load(file, network).Weights, threads: 1);
        foreach (float sigma in sigmas.Split(',')
            .Select(static text => float.Parse(text, CultureInfo.InvariantCulture)))
        {
            double[] scores = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(name =>
            {
                Image clean = Gray(ImageFile.Read(name).Image);
                return ImageQuality.Of(
                    clean, Denoised(prior, new GaussianNoise(sigma).AddTo(clean, clip: false, new RunSettings()),
                    sigma / 255, (0, 0))).Psnr ?? 0;
            })];
            string each = string.Join(' ', scores.Select(static score => Invariant($"{score:F2}")));
            Console.WriteLine(Invariant($"| {sigma} | {scores.Average():F2} | {each} |"));
        }
    }

    /// <summary><c>prior-try STEPS RATE MODEL</c>: a whole short training, to compare recipes by.</summary>
    public static void Try(int steps, double rate, string model)
    {
        var training = new PriorTraining(
            new PriorTrainingOptions { Steps = steps, LearningRate = rate }, new RunSettings { Threads = 1 });
        _ = training.Steps().Last();
        using FileStream file = File.Create(model);
        training.SaveModel(file, new Dictionary<string, string>());
        double loss = training.Losses.TakeLast(steps / 10).Average();
        Console.WriteLine(Invariant($"{steps} steps at {rate}: the last tenth's mean loss is {loss:G4}"));
    }

    private static Image Gray(Image image) =>
        image.Planes.Count == 1 ? image : new Image(Plane.Create(image.Width, image.Height, image, static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (0.299f * from.Planes[0].Samples[i]) + (0.587f * from.Planes[1].Samples[i])
                + (0.114f * from.Planes[2].Samples[i]);
        }
    }));

    private static Image Denoised(PriorOutput prior, Image noisy, float sigma, (float Across, float Down) lag1) =>
        noisy.With([.. noisy.Planes.Select(plane =>
    {
        float[] level = new float[plane.Samples.Length];
        level.AsSpan().Fill(sigma);
        return Plane.From(plane.Width, plane.Height,
            prior.Of(plane.Samples.ToArray(), level, lag1, plane.Width, plane.Height, null, CancellationToken.None));
    })]);

    private sealed class Bare(PriorOutput prior, AdditiveNoise noise) : IDenoiser
    {
        public Denoised Denoise(
            Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
        {
            (float, float) lag1 = noise.Autocorrelation is { } lags
                ? ((float)lags[(4 * 9) + 5], (float)lags[(5 * 9) + 4]) : (0, 0);
            return new Denoised(Denoised(prior, noisy, noise.Sigma, lag1),
                new DenoiseReport("prior", Settings.Of(), 0, TimeSpan.Zero));
        }
    }
}
