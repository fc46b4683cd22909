namespace Klar.NonLocal.NlRidge;

/// <summary>The grouping of NL-Ridge's two steps.</summary>
internal sealed record NlRidgeProfile(PatchSearchSettings First, PatchSearchSettings Second)
{
    private const int Radius = 18; // a window of 37 × 37
    private const int Step = 4;

    /// <summary>The largest patch of all profiles.</summary>
    public const int LargestPatch = 11;

    /// <summary>The published patches and groups for a noise level in sample units.</summary>
    public static NlRidgeProfile For(double sigma) => (sigma * 255) switch
    {
        <= 15.0001 => new(Settings(7, 18), Settings(7, 55)),
        <= 35.0001 => new(Settings(9, 18), Settings(9, 90)),
        _ => new(Settings(11, 20), Settings(9, 120)),
    };

    private static PatchSearchSettings Settings(int patch, int groupSize) => new(patch, Step, Radius, groupSize);
}
