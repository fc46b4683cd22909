using Klar.Networks;
using Klar.SelfSupervised.ZsN2n;

namespace Klar;

/// <summary>
/// Zero-Shot Noise2Noise: a tiny network learns, from two half-size pictures of the one noisy image, to predict the
/// noise; the result is clip(y − f(y)). Assumes noise that is independent from pixel to pixel and of zero mean.
/// </summary>
/// <remarks>
/// Mansour and Heckel, «Zero-Shot Noise2Noise: Efficient Image Denoising without any Data», CVPR 2023.
/// </remarks>
public sealed class ZsN2nDenoiser(ZsN2nOptions options, RunSettings? run = null) : IDenoiser
{
    // The smallest picture that the network is trained on; smaller ones are continued by reflection.
    private const int MinSide = 8;

    // A network that was trained on the frame before is near the end of its training: where the rate has been halved
    // twice.
    private const double WarmRate = 0.25;

    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = _run.Clock.GetTimestamp();
        Require.Finite(noisy);
        int width = Math.Max(noisy.Width, MinSide);
        int height = Math.Max(noisy.Height, MinSide);
        float[][] samples = [.. noisy.Planes.Select(plane => Reflected(plane, width, height))];

        ConvolutionStack shape = ZsN2nNetwork.Of(noisy.Planes.Count);
        float[] before = new float[shape.ParameterCount];
        bool warm = _run.WarmStart is { } last && last.TryTake("zs-n2n", shape, before);
        (int steps, double rate) = warm ? (_run.WarmStart!.ShortOf(options.Steps), options.LearningRate * WarmRate) : (
            options.Steps, options.LearningRate);
        var training = new ZsN2nTraining(samples, width, height, options with { LearningRate = rate }, _run.Threads);
        if (warm)
        {
            before.CopyTo(training.Weights.Parameters.AsSpan());
        }
        else
        {
            InitialWeights.Uniform(training.Weights.Stack, _run.Seed, training.Weights.Parameters);
        }

        foreach (TrainingStep step in training.Steps(cancel).Take(steps))
        {
            progress?.Report(new DenoiseProgress("training", (double)step.Number / steps));
        }

        _run.WarmStart?.Keep("zs-n2n", shape, training.Weights.Parameters);
        float[][] denoised = training.Denoised(cancel);
        bool clip = noisy.Scale.Bounded;
        Image result = noisy.With([.. denoised.Select(plane => Finish(plane, width, noisy.Width, noisy.Height, clip))]);
        var settings = Settings.Of(
            ("steps", steps), ("warm-start", warm), ("learning-rate", options.LearningRate),
            ("halve-every", options.HalveEvery));
        return new Denoised(result, new DenoiseReport("zs-n2n", settings, _run.Seed, _run.Clock.GetElapsedTime(start)));
    }

    private static float[] Reflected(Plane plane, int width, int height)
    {
        float[] samples = new float[width * height];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] =
                plane.Row(BorderIndex.Mirror(i / width, plane.Height))[BorderIndex.Mirror(i % width, plane.Width)];
        }

        return samples;
    }

    private static Plane Finish(float[] samples, int stride, int width, int height, bool clip) =>
        Plane.Create(width, height, (samples, stride, width, clip), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                float value = from.samples[(i / from.width * from.stride) + (i % from.width)];
                to[i] = from.clip ? Math.Clamp(value, 0, 1) : value;
            }
        });
}
