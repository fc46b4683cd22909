using Klar.Networks;

namespace Klar;

/// <summary>
/// Options of Neighbor2Neighbor on a single image; for models trained on many see <see
/// cref="SelfSupervised.Trained.TrainingOptions"/>.
/// </summary>
public sealed record Neighbor2NeighborOptions
{
    /// <summary>Training steps, 1 to 1,000,000.</summary>
    public int Steps { get; init => field = Require.Within(value, 1, 1_000_000); } = 1500;

    /// <summary>Crops a step, 1 to 256.</summary>
    public int Batch { get; init => field = Require.Within(value, 1, 256); } = 4;

    /// <summary>Side of a crop in pixels, a multiple of 64 from 64 to 1024; less where the image is smaller.</summary>
    public int CropSize { get; init => field = Require.MultipleWithin(value, 2 * UNet.Multiple, 1024); } = 64;

    /// <summary>Adam's learning rate at the first step, above 0; halved after each fifth of the steps.</summary>
    public double LearningRate { get; init => field = Require.Positive(value); } = 1e-3;
}
