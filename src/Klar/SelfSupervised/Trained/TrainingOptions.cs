using Klar.Networks;

namespace Klar.SelfSupervised.Trained;

/// <summary>
/// How a model is trained. Batch and rate are those published with Neighbor2Neighbor; the papers' crops of 256 pixels
/// make steps sixteen times as long, and a short training worse
/// (docs/models.md).
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Training steps, 1 to 10,000,000.</summary>
    public int Steps { get; init => field = Require.Within(value, 1, 10_000_000); } = 1000;

    /// <summary>Crops a step, 1 to 256.</summary>
    public int Batch { get; init => field = Require.Within(value, 1, 256); } = 4;

    /// <summary>Side of a crop in pixels, a multiple of 64 from 64 to 1024.</summary>
    public int CropSize { get; init => field = Require.MultipleWithin(value, 2 * UNet.Multiple, 1024); } = 64;

    /// <summary>Adam's learning rate at the first step, above 0.</summary>
    public double LearningRate { get; init => field = Require.Positive(value); } = 3e-4;
}
