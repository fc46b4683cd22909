using Klar.Networks;
using Klar.SelfSupervised.Trained;

namespace Klar.SelfSupervised.Noise2Noise;

/// <summary>
/// Trains a model on pairs of noisy takes of the same scene, each predicted from the other. Assumes that the noise of
/// the two is independent and of zero mean; it may be correlated from pixel to pixel.
/// </summary>
/// <remarks>
/// Lehtinen, Munkberg, Hasselgren, Laine, Karras, Aittala, Aila, «Noise2Noise: Learning Image Restoration without
/// Clean Data», ICML 2018.
/// </remarks>
public sealed class Noise2NoiseTraining : ModelTraining
{
    private const float Slope = 0.1f;

    private readonly SceneCrops _crops;

    /// <param name="pairs">
    /// At least one pair; both takes of a pair have one size, and all have the same number of channels.
    /// </param>
    /// <param name="options">How it is trained. The rate falls to zero over the last three tenths of the steps.</param>
    /// <param name="run">Threads and seed.</param>
    public Noise2NoiseTraining(
        IReadOnlyList<(Image First, Image Second)> pairs, TrainingOptions? options = null, RunSettings? run = null)
        : this(Checked(pairs), pairs, options ?? new TrainingOptions(), run ?? new RunSettings())
    {
    }

    private Noise2NoiseTraining(
        IReadOnlyList<Image> takes, IReadOnlyList<(Image First, Image Second)> pairs, TrainingOptions options,
        RunSettings run)
        : base(
            "noise2noise", ChannelsOf(takes), Slope, initialScale: 1,
            new RampDownSchedule(options.LearningRate, options.Steps), beta2: 0.99, ModelScale.Of(takes), options,
            run) =>
        _crops = new SceneCrops(
            Scene.Of(Scale, pairs.Select(static pair => (Image[])[pair.First, pair.Second])), options.CropSize,
            run.Seed);

    private protected override ICropLoss LossOf(PreparedWeights weights, GradientSum sum) =>
        new Noise2NoiseLoss(Network, weights, sum, _crops, Options.CropSize, Options.Batch);

    private static List<Image> Checked(IReadOnlyList<(Image First, Image Second)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        foreach ((Image first, Image second) in pairs)
        {
            if ((first.Width, first.Height) != (second.Width, second.Height))
            {
                throw new ArgumentException("The two takes of a pair must have the same size.", nameof(pairs));
            }
        }

        return [.. pairs.SelectMany(static pair => (Image[])[pair.First, pair.Second])];
    }
}
