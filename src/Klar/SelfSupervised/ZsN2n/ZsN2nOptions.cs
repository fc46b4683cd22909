namespace Klar;

/// <summary>Options of Zero-Shot Noise2Noise; the defaults are those of the published microscopy comparison.</summary>
public sealed record ZsN2nOptions
{
    /// <summary>Training steps, 1 to 1,000,000; each sees the whole image.</summary>
    public int Steps { get; init => field = Require.Within(value, 1, 1_000_000); } = 3000;

    /// <summary>Adam's learning rate at the first step, above 0.</summary>
    public double LearningRate { get; init => field = Require.Positive(value); } = 1e-3;

    /// <summary>The rate is halved after every so many steps, at least 1.</summary>
    public int HalveEvery { get; init => field = Require.Within(value, 1, int.MaxValue); } = 1000;
}
