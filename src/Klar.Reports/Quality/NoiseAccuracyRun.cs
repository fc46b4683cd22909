using Klar.Formats;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>
/// Adds noise of known parameters to clean images, measures it blind, and lists truth and measurement.
/// </summary>
public sealed class NoiseAccuracyRun
{
    // Of a picture of hardly more than one brightness nobody can tell how the noise grows with it.
    private const double MinContrast = 32 / 255.0;
    private const float BlurredSigma = 25;

    private static readonly float[] Levels = [2, 5, 10, 25, 50];
    private static readonly string[] PhotonNoises =
    [
        "poisson:10", "poisson:25", "poisson:100", "poisson:1000", "poisson-gaussian:25:5", "poisson-gaussian:100:10"
    ];
    private static readonly double[] Blurs = [0, 0.4, 0.7, 1];

    /// <summary>The folder that holds <c>clean/</c>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Sets: folders below <c>clean/</c>, or <c>microscopy</c>, the files in <c>clean/</c> itself.</summary>
    public IReadOnlyList<string> Sets { get; init; } = ["set12", "kodak", "microscopy"];

    /// <summary>Seeds from 0.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Threads.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>Yields the rows of one image after the other.</summary>
    /// <exception cref="DirectoryNotFoundException">A set is not there.</exception>
    public IEnumerable<NoiseAccuracyRow> Rows(CancellationToken cancel = default)
    {
        foreach (string set in Sets)
        {
            string folder = set == "microscopy"
                ? Path.Combine(DataFolder, "clean")
                : Path.Combine(DataFolder, "clean", set);
            if (!Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException($"there is no set '{set}': no folder {folder}");
            }

            foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            {
                cancel.ThrowIfCancellationRequested();
                if (ImageFile.Info(file).Pages > 1)
                {
                    continue;
                }

                Image clean = ImageFile.Read(file, cancel: cancel).Image;
                foreach (NoiseAccuracyRow row in RowsOf(set, Path.GetFileNameWithoutExtension(file), clean, cancel))
                {
                    yield return row;
                }
            }
        }
    }

    private IEnumerable<NoiseAccuracyRow> RowsOf(string set, string image, Image clean, CancellationToken cancel)
    {
        double own = NoiseEstimator.Estimate(clean, cancel).Sigma * 255;
        bool hasContrast = Contrast(clean) >= MinContrast;
        for (int seed = 0; seed < Seeds; seed++)
        {
            RunSettings run = Run with { Seed = (ulong)seed };
            foreach (float level in Levels)
            {
                double truth = Math.Sqrt((level * level) + (own * own));
                foreach (bool clip in (bool[])[false, true])
                {
                    Image noisy = new GaussianNoise(level).AddTo(clean, clip, run, cancel);
                    NoiseEstimate found = NoiseEstimator.Estimate(noisy, cancel);
                    string name = clip ? $"gaussian:{level} clipped" : $"gaussian:{level}";
                    yield return new NoiseAccuracyRow(
                        name, set, image, run.Seed, "sigma", truth, found.Sigma * 255, found.Confidence);
                }
            }

            foreach (string noise in hasContrast ? PhotonNoises : [])
            {
                Image noisy = NoiseModel.Parse(noise).AddTo(clean, clip: true, run, cancel);
                NoiseEstimate found = NoiseEstimator.Estimate(noisy, cancel);
                double gain =
                    255 / double.Parse(noise.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
                yield return new NoiseAccuracyRow(
                    noise, set, image, run.Seed, "gain", gain, found.Gain * 255, found.Confidence);
            }

            foreach (double blur in Blurs)
            {
                (Image noisy, double lag1) = Correlated(clean, blur, run, cancel);
                NoiseEstimate found = NoiseEstimator.Estimate(noisy, cancel);
                yield return new NoiseAccuracyRow(
                    $"gaussian:25 blurred by {blur.ToString(System.Globalization.CultureInfo.InvariantCulture)} px",
                    set, image, run.Seed, "lag1", lag1, found.Lag1, found.Confidence);
            }
        }
    }

    /// <summary>
    /// The image with noise that was blurred by a sampled Gaussian, and the correlation of that noise's neighbours.
    /// </summary>
    private static (Image Noisy, double Lag1) Correlated(
        Image clean, double blur, RunSettings run, CancellationToken cancel)
    {
        Image noise = new GaussianNoise(BlurredSigma).AddTo(clean.With([
            .. clean.Planes.Select(static plane => Plane.Create(plane.Width, plane.Height, 0, static (_, _) => { }))
        ]), clip: false, run, cancel);
        double[] taps = blur == 0
            ? [0, 0, 0, 0, 1, 0, 0, 0, 0]
            : [.. Enumerable.Range(-4, 9).Select(i => Math.Exp(-i * i / (2 * blur * blur)))];
        double norm = taps.Sum();
        taps = [.. taps.Select(tap => tap / norm)];
        double lag1 = Enumerable.Range(0, 8).Sum(i => taps[i] * taps[i + 1]) / taps.Sum(static tap => tap * tap);
        return (
            clean.With([.. clean.Planes.Zip(noise.Planes, (plane, added) => Sum(plane, Blurred(added, taps)))]), lag1);
    }

    private static Plane Sum(Plane plane, float[] added) =>
        Plane.Create(plane.Width, plane.Height, (plane, added), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.plane.Samples[i] + from.added[i];
        }
    });

    /// <summary>Rows, then columns, around the edges as on a ring, so that the noise is the same everywhere.</summary>
    private static float[] Blurred(Plane plane, double[] taps)
    {
        (int width, int height) = (plane.Width, plane.Height);
        float[] rows = new float[plane.Samples.Length], both = new float[rows.Length];
        int radius = taps.Length / 2;
        for (int i = 0; i < rows.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            double sum = 0;
            for (int k = -radius; k <= radius; k++)
            {
                sum += taps[k + radius] * plane.Samples[(y * width) + ((x + k + width) % width)];
            }

            rows[i] = (float)sum;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            double sum = 0;
            for (int k = -radius; k <= radius; k++)
            {
                sum += taps[k + radius] * rows[((y + k + height) % height * width) + x];
            }

            both[i] = (float)sum;
        }

        return both;
    }

    private static double Contrast(Image image)
    {
        float[] sorted = [.. image.Planes.SelectMany(static plane => plane.Samples.ToArray()).Order()];
        return sorted[(int)(0.95 * (sorted.Length - 1))] - sorted[(int)(0.05 * (sorted.Length - 1))];
    }
}
