using Klar.Networks;
using Klar.SelfSupervised.Trained;

namespace Klar.SelfSupervised.Neighbor2Neighbor;

/// <summary>
/// Trains a model on noisy images alone: of two half-size pictures of an image, drawn pixel by pixel from neighbours,
/// one is to be predicted from the other. Assumes noise that is independent from pixel to pixel and of zero mean.
/// </summary>
/// <remarks>
/// Huang, Li, Jia, Lu, Liu, «Neighbor2Neighbor: Self-Supervised Denoising from Single Noisy Images», CVPR 2021.
/// </remarks>
public sealed class Neighbor2NeighborTraining : ModelTraining
{
    private const float Slope = 0.2f;

    private readonly SceneCrops _crops;
    private readonly ulong _seed;

    /// <param name="noisy">At least one image; all of the same number of channels.</param>
    /// <param name="options">How it is trained. The rate is halved after each fifth of the steps.</param>
    /// <param name="run">Threads and seed.</param>
    public Neighbor2NeighborTraining(
        IReadOnlyList<Image> noisy, TrainingOptions? options = null, RunSettings? run = null)
        : this(noisy, ModelScale.Of(noisy), options ?? new TrainingOptions(), run ?? new RunSettings())
    {
    }

    private Neighbor2NeighborTraining(
        IReadOnlyList<Image> noisy, ModelScale scale, TrainingOptions options, RunSettings run)
        : base(
            "neighbor2neighbor", ChannelsOf(noisy), Slope, initialScale: 0.1,
            new StepSchedule(options.LearningRate, Math.Max(1, options.Steps / 5), 0.5), beta2: 0.999, scale, options,
            run)
    {
        _seed = run.Seed;
        _crops =
            new SceneCrops(Scene.Of(scale, noisy.Select(static image => (Image[])[image])), options.CropSize, run.Seed);
    }

    private protected override ICropLoss LossOf(PreparedWeights weights, GradientSum sum) =>
        new Neighbor2NeighborLoss(Network, weights, sum, _crops, Options.CropSize, Options.Batch, _seed);
}
