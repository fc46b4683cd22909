using Klar.Networks;
using Klar.Numerics;
using Klar.Scheduling;

namespace Klar.SelfSupervised.ZsN2n;

/// <summary>How fast this machine trains Zero-Shot Noise2Noise.</summary>
/// <param name="MsPerStep">Median time of a training step, in milliseconds.</param>
/// <param name="GflopPerStep">Work of a step if every convolution were summed directly, in 10⁹ operations.</param>
/// <param name="EffectiveGflops">
/// That work over that time, in 10⁹ operations a second; Winograd can make it pass the peak.
/// </param>
/// <param name="PeakGflops">A pure multiply-add loop at full width on all threads, in the same run.</param>
/// <param name="Threads">Threads used.</param>
public sealed record TrainingSpeed(
    double MsPerStep, double GflopPerStep, double EffectiveGflops, double PeakGflops, int Threads)
{
    private const long PeakRounds = 4_000_000;

    /// <summary>Trains some steps on a picture of chance and takes the median of their times.</summary>
    /// <param name="size">Side of the picture in pixels, at least 8.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="width">Channels of the hidden layers.</param>
    /// <param name="steps">Steps to time, after three that are not timed.</param>
    /// <param name="run">Threads and clock.</param>
    /// <param name="cancel">Stops the run.</param>
    public static TrainingSpeed Measure(
        int size, int channels, int width, int steps, RunSettings run, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        var random = new CounterRandom(run.Seed, RandomStream.AddedNoise);
        float[][] noisy = [.. Enumerable.Range(0, channels).Select(c =>
            Enumerable
                .Range(0, size * size)
                .Select(i => (float)random.Uniform((ulong)((c * size * size) + i)))
                .ToArray())];
        var training = new ZsN2nTraining(noisy, size, size, new ZsN2nOptions(), run.Threads, hidden: width);
        InitialWeights.Uniform(training.Weights.Stack, run.Seed, training.Weights.Parameters);

        var times = new List<double>();
        for (int step = -3; step < steps; step++)
        {
            long start = run.Clock.GetTimestamp();
            training.Step(cancel);
            if (step >= 0)
            {
                times.Add(run.Clock.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        times.Sort();
        double median = times[times.Count / 2];
        double work = Work(training.Weights.Stack, size) / 1e9;
        return new TrainingSpeed(median, work, work / median * 1e3, Peak(run, cancel), run.Threads);
    }

    /// <summary>
    /// Operations of a step: the picture and its two quarter-size halves, each forward, backward to the weights and,
    /// but for the first layer, backward to the data.
    /// </summary>
    private static double Work(ConvolutionStack stack, int size)
    {
        double perPixel = 0;
        for (int l = 0; l < stack.Layers.Count; l++)
        {
            ConvolutionLayer layer = stack.Layers[l];
            perPixel += 2.0 * layer.Inputs * layer.Outputs * layer.Taps * (l == 0 ? 2 : 3);
        }

        int half = size / 2;
        return perPixel * (((double)size * size) + (2.0 * half * half));
    }

    private static double Peak(RunSettings run, CancellationToken cancel)
    {
        var workers = new Workers(run.Threads);
        var work = new PeakWork();
        double best = double.PositiveInfinity;
        for (int round = 0; round < 5; round++)
        {
            long start = run.Clock.GetTimestamp();
            workers.Run(work, run.Threads, cancel);
            best = Math.Min(best, run.Clock.GetElapsedTime(start).TotalSeconds);
        }

        return run.Threads * PeakRate.Operations(PeakRounds) / best / 1e9;
    }

    private sealed class PeakWork : IWork
    {
        public void Run(int item, int worker) => PeakRate.Run(PeakRounds);
    }
}
