namespace Klar;

/// <summary>Options of Noise2Fast; the defaults are the paper's.</summary>
public sealed record Noise2FastOptions
{
    /// <summary>Adam's learning rate, above 0.</summary>
    public double LearningRate { get; init => field = Require.Positive(value); } = 1e-3;

    /// <summary>
    /// Training ends after so many steps without a better score, 1 to 1,000,000; the result is the mean of the
    /// outputs after them.
    /// </summary>
    public int Patience { get; init => field = Require.Within(value, 1, 1_000_000); } = 100;

    /// <summary>The most training steps, 1 to 1,000,000. The paper knows no limit.</summary>
    public int Steps { get; init => field = Require.Within(value, 1, 1_000_000); } = 1_000_000;
}
