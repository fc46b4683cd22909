using Klar.SelfSupervised.Noise2Fast;

namespace Klar;

/// <summary>
/// Noise2Fast: a small network learns to predict one half of a checkerboard from the other, on the one noisy image,
/// and is stopped when its picture of the whole comes no nearer to the noisy one. Channels are taken one by one.
/// Assumes noise that is independent from pixel to pixel and of zero mean.
/// </summary>
/// <remarks>
/// Lequyer, Philip, Sharma, Hsu, Pelletier, «A fast blind zero-shot denoiser», Nature Machine Intelligence 4, 2022.
/// </remarks>
public sealed class Noise2FastDenoiser(Noise2FastOptions options, RunSettings? run = null) : IDenoiser
{
    // The smallest picture that the network is trained on; smaller ones are continued by reflection.
    private const int MinSide = 8;

    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = _run.Clock.GetTimestamp();
        Require.Finite(noisy);
        var planes = new Plane[noisy.Planes.Count];
        int steps = 0;
        for (int c = 0; c < planes.Length; c++)
        {
            var ofChannel = new ChannelProgress(progress, c, planes.Length);
            (planes[c], int taken) = Denoise(noisy.Planes[c], ofChannel, cancel);
            ofChannel.Report("averaging", 1);
            steps = Math.Max(steps, taken);
        }

        var settings = Settings.Of((
            "learning-rate", options.LearningRate), ("patience", options.Patience), ("steps", steps));
        return new Denoised(
            noisy.With(planes), new DenoiseReport("noise2fast", settings, _run.Seed, _run.Clock.GetElapsedTime(start)));
    }

    private (Plane Result, int Steps) Denoise(Plane noisy, ChannelProgress progress, CancellationToken cancel)
    {
        // Scaled to 0..1 by its least and greatest sample.
        (float least, float greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float sample in noisy.Samples)
        {
            (least, greatest) = (Math.Min(least, sample), Math.Max(greatest, sample));
        }

        if (!(greatest > least))
        {
            return (noisy, 0);
        }

        int width = Math.Max(noisy.Width, MinSide), height = Math.Max(noisy.Height, MinSide);
        float[] scaled = new float[width * height];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = (noisy.Row(BorderIndex.Mirror(i / width, noisy.Height))[BorderIndex.Mirror(
                i % width, noisy.Width)] - least) / (greatest - least);
        }

        (float[] sum, int outputs, int steps) = Train(
            new Noise2FastTraining(scaled, width, height, options.LearningRate, _run.Seed, _run.Threads), scaled.Length,
            progress, cancel);
        float scale = (greatest - least) / outputs;
        return (Plane.Create(noisy.Width, noisy.Height, (sum, width, noisy.Width, scale, least), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from.least + (from.scale * from.sum[(i / from.Item3 * from.width) + (i % from.Item3)]);
            }
        }), steps);
    }

    /// <summary>
    /// Trains until the score has not become better for <see cref="Noise2FastOptions.Patience"/> steps. The mean of
    /// the last outputs is that of all after the best score: their sum begins anew with each.
    /// </summary>
    private (float[] Sum, int Outputs, int Steps) Train(
        Noise2FastTraining training, int samples, ChannelProgress progress, CancellationToken cancel)
    {
        float[] sum = new float[samples];
        double best = double.PositiveInfinity;
        int step = 0, since = 0;
        do
        {
            step = training.Step(cancel).Number;
            double score = training.Output(sum, cancel);
            since++;
            if (score < best)
            {
                (best, since) = (score, 0);
                sum.AsSpan().Clear();
            }

            progress.Report(
                $"training, step {step}", Math.Max((double)since / options.Patience, 1 - (400 / (400.0 + step))));
        }
        while (since < options.Patience && step < options.Steps);

        if (since == 0)
        {
            // The limit came with the best score: its output is the only one.
            _ = training.Output(sum, cancel);
            since = 1;
        }

        return (sum, since, step);
    }

    /// <summary>How near the end is nobody knows; what is reported never goes back.</summary>
    private sealed class ChannelProgress(IProgress<DenoiseProgress>? progress, int channel, int channels)
    {
        private double _most;

        public void Report(string stage, double done)
        {
            _most = Math.Max(_most, done);
            progress?.Report(new DenoiseProgress(stage, (channel + _most) / channels));
        }
    }
}
