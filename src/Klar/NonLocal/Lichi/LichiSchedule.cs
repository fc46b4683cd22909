namespace Klar.NonLocal.Lichi;

/// <summary>The constants of LIChI.</summary>
internal static class LichiSchedule
{
    /// <summary>M, the number of rounds.</summary>
    public const int Rounds = 9;

    /// <summary>Rounds that use the same groups.</summary>
    public const int RoundsPerSearch = 3;

    /// <summary>a, the extra noise that the pilot assumes, in units of σ.</summary>
    public const float PilotNoise = 0.5f;

    private const int Radius = 32; // a window of 65 × 65
    private const int Step = 3;

    public static PatchSearchSettings Pilot { get; } = new(Patch: 11, Step, Radius, GroupSize: 16);

    public static PatchSearchSettings Round { get; } = new(Patch: 6, Step, Radius, GroupSize: 64);

    /// <summary>τ_m, the share of the noise that is left after round m of 1..M.</summary>
    public static float Left(int round) => 0.75f * (1 - (round / (float)Rounds));
}
