namespace Klar.Noise;

/// <summary>
/// The levels of an image: what patches say where there are enough of them, and what the diagonal band says where there
/// are not. Patches stand texture, but the eigenvalues of few patches are too small; the band needs few pixels, but
/// takes fine texture for noise.
/// </summary>
internal static class MergedLevels
{
    // Measured on white noise: patches that cover fewer pixels say 0.975 of the variance at 4000, 0.9 at 2300, 0.67 at
    // 600.
    private const int MinPixels = 6000;

    // Where edges take up more of the band, what is left of it is not to be trusted.
    private const double MaxLeak = 0.7;

    // Where patches see this much less noise than the band, there is texture in the band.
    private const double MinAgreement = 0.8;

    // Where they see this much more, the noise is correlated.
    private const double MaxAgreement = 1.25;

    // The quantile of the ratios that is taken for the best agreement.
    private const double Best = 0.9;

    // Where the smallest eigenvalues of patches are so far below those of white noise, the set holds levels or hardly
    // any noise: it is no judge.
    private const double MinWhiteness = 0.5;

    // A level that is known to this counts as so many patches do, others less.
    private const double Certain = 0.06;
    private const double EnoughPatches = 4000;

    /// <summary>The levels, darkest first.</summary>
    public static List<LevelSet> Of(List<LevelSet> patches, IReadOnlyList<BandLevel> band)
    {
        List<BandLevel> clear = [.. band.Where(static level => level.Leak < MaxLeak && level.Variance > 0)];
        if (clear.Count == 0)
        {
            return patches;
        }

        if (patches.Count == 0)
        {
            return [.. clear.Select(static level => SetOf(level, 1))];
        }

        // Few patches say too little: of them it is known only that they see more than the band, which correlated noise
        // hardly reaches.
        List<(double Ratio, double Pixels)> ratios = Ratios(patches, clear, MinPixels);
        bool areMany = ratios.Count > 0;
        ratios = areMany ? ratios : Ratios(patches, clear, 0);

        // Sets that hold several levels say too little, texture is in some places only: what counts is where the two
        // agree best.
        if (ratios.Count > 0
            && ((areMany && Quantile(ratios, Best) < MinAgreement) || Quantile(ratios, 1 - Best) > MaxAgreement))
        {
            return patches;
        }

        double factor = ratios.Count == 0 ? 1 : Math.Clamp(Quantile(ratios, 0.5), 1, MaxAgreement);
        var merged = new List<LevelSet>();
        for (int i = 0; i < patches.Count; i++)
        {
            // Levels between the set before and the one after; the last set takes what is brighter still.
            double least = i == 0 ? double.NegativeInfinity : patches[i].Means.Least;
            double most = i == patches.Count - 1 ? double.PositiveInfinity : patches[i].Means.Most;
            List<BandLevel> within = clear.FindAll(level => level.Mean >= least && level.Mean < most);
            if (within.Count > 0)
            {
                merged.AddRange(within.Select(level => SetOf(level, factor)));
            }
            else if (patches[i].Pixels >= MinPixels)
            {
                merged.Add(patches[i]);
            }
        }

        return merged;
    }

    private static LevelSet SetOf(BandLevel level, double factor) =>
        new(level.Mean, level.Variance * factor, 1, PatchesOf(level), level.Black, level.White, 3, 0, level.Mean)
        {
            Means = (level.Least, level.Most),
            Error = level.Error,
            MeanError = Math.Sqrt(level.Variance * factor / level.Pixels),
            IsOfBand = true,
        };

    /// <summary>How many patches know a level as well.</summary>
    private static int PatchesOf(BandLevel level) =>
        Math.Max(1, (int)(EnoughPatches / (1 + (level.Error * level.Error / (Certain * Certain)))));

    /// <summary>
    /// The noise's variance as patches see it over that in the band, set by set, with the pixels of each.
    /// </summary>
    private static List<(double Ratio, double Pixels)> Ratios(
        List<LevelSet> patches, List<BandLevel> band, int minPixels)
    {
        var ratios = new List<(double Ratio, double Pixels)>();
        foreach (LevelSet set in patches)
        {
            BandLevel[] there = [.. band.Where(level => level.Mean >= set.Means.Least && level.Mean <= set.Means.Most)];
            if (there.Length > 0
                && set.Pixels >= minPixels
                && set is { IsWhole: true, Variance: > 0, Whiteness: > MinWhiteness })
            {
                double variance =
                    Quantile([.. there.Select(static level => (level.Variance, (double)level.Pixels))], 0.5);
                ratios.Add((set.Variance / variance, set.Pixels));
            }
        }

        return ratios;
    }

    private static double Quantile(List<(double Value, double Weight)> weighted, double share)
    {
        double limit = share * weighted.Sum(static pair => pair.Weight), sum = 0;
        foreach ((double value, double weight) in weighted.OrderBy(static pair => pair.Value))
        {
            sum += weight;
            if (sum >= limit)
            {
                return value;
            }
        }

        return weighted[^1].Value;
    }
}
