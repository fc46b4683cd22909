namespace Klar;

/// <summary>Options of Klar's own method; there is none that has to be set.</summary>
public sealed record KlarOptions
{
    /// <summary>
    /// σ, the standard deviation of the noise in sample units, above 0; null: estimated from the image, channel by
    /// channel.
    /// </summary>
    public float? Sigma { get; init => field = value is { } sigma ? Require.Positive(sigma) : null; }

    /// <summary>Which patch methods take part, and how long the prior is adapted.</summary>
    public Effort Effort { get; init; } = Effort.Normal;

    /// <summary>Steps that adapt the prior to the image; 0 leaves them to <see cref="Effort"/>.</summary>
    public int Steps { get; init => field = Require.NotNegative(value); }
}
