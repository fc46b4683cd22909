using Klar.Networks;
using Klar.SelfSupervised.Neighbor2Neighbor;
using Klar.SelfSupervised.Trained;

namespace Klar;

/// <summary>
/// Neighbor2Neighbor on one image: the network is trained on crops of it and then denoises it. For many images of one
/// kind a model
/// (<see cref="Neighbor2NeighborTraining"/>) is better and faster.
/// </summary>
/// <remarks>Huang, Li, Jia, Lu, Liu, CVPR 2021.</remarks>
public sealed class Neighbor2NeighborDenoiser(Neighbor2NeighborOptions options, RunSettings? run = null) : IDenoiser
{
    // Of the time, the denoising after the training.
    private const double Last = 0.02;

    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = _run.Clock.GetTimestamp();
        Require.Finite(noisy);
        bool flat = noisy.Planes.All(static plane => !plane.Samples.ContainsAnyExcept(plane.Samples[0]));
        int crop =
            Math.Min(options.CropSize, ReflectPadding.SizeOf(Math.Max(noisy.Width, noisy.Height), 2 * UNet.Multiple));
        var training = new TrainingOptions
        {
            Steps = options.Steps,
            Batch = options.Batch,
            CropSize = crop,
            LearningRate = options.LearningRate
        };
        Image result = flat ? noisy : Trained(noisy, training, progress, cancel);
        var settings = Settings.Of(("steps", options.Steps), (
            "batch", options.Batch), ("crop-size", crop), ("learning-rate", options.LearningRate));
        return new Denoised(
            result, new DenoiseReport("neighbor2neighbor", settings, _run.Seed, _run.Clock.GetElapsedTime(start)));
    }

    private Image Trained(
        Image noisy, TrainingOptions options, IProgress<DenoiseProgress>? progress, CancellationToken cancel)
    {
        var training = new Neighbor2NeighborTraining([noisy], options, _run);
        foreach (TrainingStep step in training.Steps(cancel))
        {
            progress?.Report(new DenoiseProgress("training", (1 - Last) * step.Number / options.Steps));
        }

        Image result = new ModelDenoiser(training.Model(), _run).Denoise(noisy, cancel: cancel).Image;
        progress?.Report(new DenoiseProgress("denoising", 1));
        return result;
    }
}
