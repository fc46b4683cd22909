namespace Klar.Prior;

/// <summary>How the prior is trained; the defaults are those of the weights that ship.</summary>
public sealed record PriorTrainingOptions
{
    /// <summary>Training steps, 1 to 10,000,000. The rate falls to nothing at the last.</summary>
    public int Steps { get; init => field = Require.Within(value, 1, 10_000_000); } = 120_000;

    /// <summary>Crops a step, 1 to 256.</summary>
    public int Batch { get; init => field = Require.Within(value, 1, 256); } = 8;

    /// <summary>Side of a crop in pixels, a multiple of 8 from 16 to 128.</summary>
    public int CropSize
    {
        get;
        init => field = value is >= 16 and <= 128 ? Require.MultipleWithin(value, PriorNetwork.Multiple, 128)
            : Require.Within(value, 16, 128);
    }
    = 64;

    /// <summary>Adam's highest learning rate, above 0.</summary>
    public double LearningRate { get; init => field = Require.Positive(value); } = 6e-4;
}
