namespace Klar;

/// <summary>Options of LIChI. All else is as published.</summary>
public sealed record LichiOptions
{
    /// <summary>
    /// σ, the standard deviation of the noise in sample units, above 0; null: estimated from the image, channel by
    /// channel.
    /// </summary>
    public float? Sigma { get; init => field = value is { } sigma ? Require.Positive(sigma) : null; }
}
