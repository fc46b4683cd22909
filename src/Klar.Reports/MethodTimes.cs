using System.Globalization;
using Klar.Catalogue;
using Klar.Noise;
using Klar.SelfSupervised.ZsN2n;

namespace Klar.Reports;

/// <summary>How long a method takes on a square gray picture.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Size">The picture's side in pixels.</param>
/// <param name="Seconds">Median wall time of one call.</param>
/// <param name="Extrapolated">Whether only some training steps were timed and multiplied by their number.</param>
public sealed record MethodTime(string Method, int Size, double Seconds, bool Extrapolated)
{
    /// <summary>The first line of a CSV file of rows.</summary>
    public const string Header = "method,size,seconds,extrapolated";

    /// <summary>The row as a line of the file.</summary>
    public string ToCsv() =>
        string.Create(CultureInfo.InvariantCulture, $"{Method},{Size},{Seconds:F3},{(Extrapolated ? "yes" : "no")}");
}

/// <summary>Times methods at default options on the generated picture with Gaussian noise, clipped.</summary>
public sealed class MethodTimes(RunSettings run)
{
    private const float Sigma = 25;
    private const int TimedSteps = 20;

    /// <summary>
    /// Yields a row for each size and method, the smallest size first. The first call of a method is among the timed
    /// ones.
    /// </summary>
    /// <param name="methods">What to time.</param>
    /// <param name="sizes">Sides of the pictures, at least 16.</param>
    /// <param name="rounds">Calls, of which the median counts.</param>
    /// <param name="cancel">Stops the run.</param>
    public IEnumerable<MethodTime> Rows(
        IReadOnlyList<Method> methods, IReadOnlyList<int> sizes, int rounds, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        foreach (int size in sizes)
        {
            Image? noisy = null;
            foreach (Method method in methods)
            {
                if (method.Training == TrainingLength.Short)
                {
                    TrainingSpeed speed = TrainingSpeed.Measure(size, channels: 1, width: 48, TimedSteps, run, cancel);
                    yield return new MethodTime(
                        method.Name, size, speed.MsPerStep * new ZsN2nOptions().Steps / 1e3, Extrapolated: true);
                    continue;
                }

                noisy ??= new GaussianNoise(Sigma).AddTo(DemoPicture.Create(size, run.Seed), clip: true, run, cancel);
                yield return new MethodTime(
                    method.Name, size, Median(method, noisy, rounds, cancel), Extrapolated: false);
            }
        }
    }

    private double Median(Method method, Image noisy, int rounds, CancellationToken cancel)
    {
        var settings = new Dictionary<string, string>();
        if (method is { ModelsNoise: true, NoiseLevel: { } level })
        {
            settings[level.Name] = $"{Sigma}";
        }

        IDenoiser denoiser = method.Create(settings, run);
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            seconds[i] = denoiser.Denoise(noisy, cancel: cancel).Report.Elapsed.TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds[rounds / 2];
    }
}
