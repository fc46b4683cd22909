namespace Klar.SelfSupervised.Klar;

/// <summary>
/// What an effort adds to the prior: patch methods, and steps that adapt the prior to the picture.
/// </summary>
/// <param name="Pilots">The patch methods.</param>
/// <param name="Steps">Steps of adaptation; 0 for the prior as it ships.</param>
/// <param name="Orientations">Over how many of the eight orientations the prior's result is averaged.</param>
/// <param name="IsNotNormal">
/// Whether it is not normal enough for an unbiased estimate of the risk by recorruption: photons are split where there
/// are any, else all parts count the same.
/// </param>
internal sealed record KlarPlan(
    IReadOnlyList<string> Pilots, int Steps, int Orientations, bool IsNotNormal = false)
{
    // LIChI's time grows with the picture: beyond this many pixels it is left to the greatest effort.
    private const int MaxPixelsForLichi = 300 * 300;
    private const double MaxCorrelation = 0.25;

    /// <summary>The plan for a picture of so many pixels with this noise.</summary>
    /// <param name="options">The effort, and the steps where they are given.</param>
    /// <param name="noise">What is known of the noise; null for white noise of one level.</param>
    /// <param name="pixels">Pixels of a whole page.</param>
    /// <param name="isColour">Whether three channels are taken together, as red, green and blue.</param>
    public static KlarPlan For(KlarOptions options, AdditiveNoise? noise, long pixels, bool isColour)
    {
        // Of the patch methods only BM3D models noise that is clipped, compressed or correlated.
        bool onlyBm3d = noise is { Clipped: true } or { Compressed: true }
            || Math.Abs(noise?.Lag1 ?? 0) > MaxCorrelation;
        bool isNotNormal = !onlyBm3d && noise is not null && (noise.Stabilised || noise.Irregular);
        (IReadOnlyList<string> pilots, int steps, int orientations) = options.Effort switch
        {
            Effort.Fast when onlyBm3d => (Bm3d, 0, 4),
            Effort.Fast when isNotNormal || isColour => (Both, 0, 4),
            Effort.Fast => (NlRidge, 0, 4),
            Effort.Normal when onlyBm3d => (Bm3d, 60, 4),
            Effort.Normal when isNotNormal || isColour => (Both, 60, 4),
            Effort.Normal => (pixels > MaxPixelsForLichi ? NlRidge : LichiAndNlRidge, 60, 4),
            _ when onlyBm3d => (Bm3d, 300, 8),
            _ when isNotNormal || isColour => (All, 300, 8),
            _ => (LichiAndNlRidge, 300, 8),
        };
        return new KlarPlan(pilots, options.Steps > 0 ? options.Steps : steps, orientations, isNotNormal);
    }

    private static IReadOnlyList<string> Bm3d => ["bm3d"];

    private static IReadOnlyList<string> NlRidge => ["nl-ridge"];

    private static IReadOnlyList<string> Both => ["nl-ridge", "bm3d"];

    private static IReadOnlyList<string> LichiAndNlRidge => ["lichi", "nl-ridge"];

    private static IReadOnlyList<string> All => ["lichi", "nl-ridge", "bm3d"];

    /// <summary>
    /// The pilot of that name for noise of that level, which varies over the page as <paramref name="map"/> says.
    /// </summary>
    public static IDenoiser Pilot(string name, AdditiveNoise noise, NoiseMap? map, RunSettings run) => name switch
    {
        "lichi" => new LichiDenoiser(new LichiOptions { Sigma = noise.Sigma }, run) { Map = map },
        "nl-ridge" => new NlRidgeDenoiser(new NlRidgeOptions { Sigma = noise.Sigma }, run) { Map = map },
        _ => new Bm3dDenoiser(noise, run) { Map = map },
    };
}
