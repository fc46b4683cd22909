namespace Klar;

/// <summary>How far neighbouring pages count.</summary>
public sealed record AcrossOptions
{
    /// <summary>Pages to each side that may be fused with a page where nothing moved, 1 to 16.</summary>
    public int Reach { get; init => field = Require.Within(value, 1, 16); } = 4;

    /// <summary>Whether neighbours are brought to the page's level first, which flicker and bleaching change.</summary>
    public bool MatchesLevels { get; init; } = true;
}
