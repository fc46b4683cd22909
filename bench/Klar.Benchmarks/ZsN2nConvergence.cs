using System.Diagnostics;
using System.Globalization;
using Klar.Formats;
using Klar.Metrics;
using Klar.Networks;
using Klar.Noise;
using Klar.SelfSupervised.ZsN2n;

namespace Klar.Benchmarks;

/// <summary>
/// The quality of Zero-Shot Noise2Noise along its training: PSNR after 500, 1000, 2000 and 3000 steps on each image,
/// a row appended for each, so that a run that was cut goes on where it stopped.
/// </summary>
internal static class ZsN2nConvergence
{
    private static readonly int[] Marks = [500, 1000, 2000, 3000];

    /// <summary>
    /// <c>convergence OUT.csv SIGMAS IMAGE...</c>, or <c>convergence-direct</c>, which keeps Winograd's transforms out.
    /// </summary>
    public static void Run(string output, string sigmas, IReadOnlyList<string> images, bool winograd)
    {
        if (!File.Exists(output))
        {
            File.WriteAllText(output, "image,noise,seed,steps,psnr,seconds\n");
        }

        foreach (string sigma in sigmas.Split(','))
        {
            foreach (string image in images)
            {
                string row = $"{Path.GetFileNameWithoutExtension(image)},gaussian:{sigma},0,";
                if (!File.ReadLines(output).Any(line => line.StartsWith(row, StringComparison.Ordinal)))
                {
                    File.AppendAllLines(output, Rows(image, $"gaussian:{sigma}", winograd).Select(rest => row + rest));
                }
            }
        }
    }

    private static List<string> Rows(string path, string noise, bool winograd)
    {
        Image clean = ImageFile.Read(path).Image;
        Image noisy = NoiseModel.Parse(noise).AddTo(clean, clip: false, new RunSettings());
        float[][] samples = [.. noisy.Planes.Select(static plane => plane.Samples.ToArray())];
        var training = new ZsN2nTraining(
            samples, clean.Width, clean.Height, new ZsN2nOptions(), Environment.ProcessorCount, winograd);
        InitialWeights.Uniform(training.Weights.Stack, 0, training.Weights.Parameters);
        var watch = Stopwatch.StartNew();
        var rows = new List<string>();
        foreach (TrainingStep step in training.Steps(CancellationToken.None).Take(Marks[^1]))
        {
            if (Marks.Contains(step.Number))
            {
                float[][] denoised = training.Denoised(CancellationToken.None);
                var result = new Image([.. denoised.Select(plane =>
                    Plane.Create(clean.Width, clean.Height, plane, static (to, from) =>
                {
                    for (int i = 0; i < to.Length; i++)
                    {
                        to[i] = Math.Clamp(from[i], 0, 1);
                    }
                }))]);
                rows.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{step.Number},{ImageQuality.Of(clean, result).Psnr:F3},{watch.Elapsed.TotalSeconds:F1}"));
            }
        }

        return rows;
    }
}
