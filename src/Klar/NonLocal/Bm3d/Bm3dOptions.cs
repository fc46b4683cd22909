namespace Klar;

/// <summary>Options of BM3D. All else follows from σ as published: profile «np» up to 40/255, «vn» above.</summary>
public sealed record Bm3dOptions
{
    /// <summary>
    /// σ, the standard deviation of the noise in sample units, above 0; null: estimated from the image, channel by
    /// channel.
    /// </summary>
    public float? Sigma { get; init => field = value is { } sigma ? Require.Positive(sigma) : null; }
}
