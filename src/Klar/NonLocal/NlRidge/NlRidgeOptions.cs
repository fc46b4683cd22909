namespace Klar;

/// <summary>Options of NL-Ridge. Patches and groups follow from σ as published.</summary>
public sealed record NlRidgeOptions
{
    /// <summary>
    /// σ, the standard deviation of the noise in sample units, above 0; null: estimated from the image channel by
    /// channel, or, with a gain, no noise beside the photons'.
    /// </summary>
    public float? Sigma { get; init => field = value is { } sigma ? Require.Positive(sigma) : null; }

    /// <summary>
    /// Sample units a photon, from 0: the noise of a sample x has variance Gain · x + σ². 0 is additive noise alone.
    /// </summary>
    public float Gain { get; init => field = Require.NotNegative(value); }
}
