namespace Klar.NonLocal.Bm3d;

/// <summary>The constants of BM3D's two stages.</summary>
/// <param name="Basic">Grouping for the basic estimate.</param>
/// <param name="Final">Grouping for the final estimate.</param>
/// <param name="Threshold">λ of the hard threshold, in units of the noise.</param>
/// <param name="FewKept">With fewer coefficients than this kept the next references may be left out.</param>
internal sealed record Bm3dProfile(PatchSearchSettings Basic, PatchSearchSettings Final, float Threshold, int FewKept)
{
    // On Set12 with noise of σ = 25 blurred by 0.5, 0.7 and 1 pixel, λ times 1.15, 1.3 and 1.4 is about the best.
    private const float Rise = 0.5f;

    // On generated fields with noise of σ = 4 and 12 at the qualities 50 to 75 λ times 1.4 gains 0.6 to 1.8 dB, on
    // photographs with σ = 15 at 75 it loses 0.2 to 0.5; where the noise is white after compression, at 90 and above, λ
    // stays.
    private const float RiseOfJpeg = 0.4f;

    private const int Radius = 19; // a window of 39 × 39

    /// <summary>
    /// The profile for a noise level in sample units; the last step of «vn» is 4 where the paper's program has 6.
    /// </summary>
    public static Bm3dProfile For(float sigma) => sigma <= 40f / 255
        ? new(Settings(8, 3, 16, 3000), Settings(8, 3, 32, 400), Threshold: 2.7f, FewKept: 8)
        : new(Settings(8, 4, 32, 25000), Settings(11, 4, 32, 3500), Threshold: 2.8f, FewKept: 3);

    /// <summary>
    /// The profile for noise of this autocorrelation (9 × 9, or null for white noise). Where neighbours agree,
    /// coefficients of a group are large together, and λ has to be higher: Mäkinen, Azzari and Foi, IEEE TIP 2020,
    /// section V, search it; a line in the correlation of neighbours does nearly as well.
    /// </summary>
    public Bm3dProfile Against(IReadOnlyList<double>? autocorrelation, bool compressed = false)
    {
        if (autocorrelation is null)
        {
            return this;
        }

        double lag1 = 0.5 * (autocorrelation[(4 * 9) + 5] + autocorrelation[(5 * 9) + 4]);
        float rise = 1 + (Rise * (float)Math.Max(0, lag1));
        return this with { Threshold = Threshold * rise * (compressed ? OfJpeg(autocorrelation) : 1) };
    }

    /// <summary>
    /// Few coefficients hold all noise that quantisation left, and more in each than normal noise of the same variance
    /// would: λ rises with the share of frequencies that hold none, which follows from the sum of the squared
    /// autocorrelation, 1 for white noise.
    /// </summary>
    private static float OfJpeg(IReadOnlyList<double> autocorrelation) =>
        1 + (RiseOfJpeg * (float)Math.Min(1, 2 * (1 - (1 / autocorrelation.Sum(static r => r * r)))));

    /// <summary>The limit is a mean squared difference in 255ths of white.</summary>
    private static PatchSearchSettings Settings(int patch, int step, int groupSize, float limit) =>
        new(patch, step, Radius, groupSize, limit * patch * patch / (255f * 255f));
}
