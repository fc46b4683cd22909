namespace Klar;

/// <summary>Options of <see cref="AutoDenoiser"/>.</summary>
public sealed record AutoOptions
{
    /// <summary>How much time the result may take.</summary>
    public Effort Effort { get; init; } = Effort.Normal;

    /// <summary>
    /// Whether stuck pixels are replaced by the median of their neighbours, where there is any noise to remove at all.
    /// </summary>
    public bool HotPixels { get; init; } = true;

    /// <summary>Training steps of the method it takes, 0 for those of the effort.</summary>
    public int Steps { get; init => field = Require.NotNegative(value); }
}
