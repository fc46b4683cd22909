namespace Klar;

/// <summary>Options of the Gaussian filter.</summary>
public sealed record GaussianOptions
{
    /// <summary>σ, the width of the Gaussian in pixels, above 0 and at most 100; the window ends at 4 σ.</summary>
    public float Sigma { get; init => field = Require.Within(Require.Positive(value), 0, 100); } = 1;
}
