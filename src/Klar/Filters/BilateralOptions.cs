namespace Klar;

/// <summary>Options of the bilateral filter.</summary>
public sealed record BilateralOptions
{
    /// <summary>σ_s, the width of the spatial Gaussian in pixels, above 0 and at most 30.</summary>
    public float SigmaSpace { get; init => field = Require.Within(Require.Positive(value), 0, 30); } = 2;

    /// <summary>σ_r, the width of the Gaussian of differences in units of the nominal white.</summary>
    public float SigmaRange { get; init => field = Require.Positive(value); } = 0.1f;

    /// <summary>The reach of the window in pixels, up to 90; 0 stands for ⌈3 σ_s⌉.</summary>
    public int Radius { get; init => field = Require.Within(value, 0, 90); }
}
