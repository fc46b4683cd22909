using Klar.Imaging;

namespace Klar.Noise;

/// <summary>Measures the noise of one image, with no parameter to set.</summary>
/// <remarks>
/// Patches are cut into sets of like brightness; in each the noise's variance comes from the eigenvalues of the patches' covariance
/// (<see cref="PatchLevel"/>). Sets where samples are clipped are taken for clipped normal noise and the clipping is undone, or not: of both
/// readings, and of one level or a line of variance over brightness, the one that fits best is taken.
/// </remarks>
public static class NoiseEstimator
{
    // Of whole numbers, a standard deviation below this many grey levels is that of rounding; of floats, this share of the range is below what they hold.
    private const double LeastGreyLevels = 0.25;
    private const double LeastOfFloats = 1e-5;

    // With a greater share of samples in areas of one value the picture is one of labels, unless the others scatter.
    private const double MostMasked = 0.9;

    // With a greater share of stuck samples they are the noise.
    private const double LeastImpulses = 0.002;

    /// <summary>Less noise than this, in sample units, cannot be told from rounding.</summary>
    internal static double LeastSigma(SampleScale scale) => scale.Bounded ? LeastGreyLevels / scale.Range : LeastOfFloats;

    /// <summary>The noise of <paramref name="image"/>, all channels pooled.</summary>
    /// <exception cref="ArgumentException">A sample is NaN or infinite; the message says where.</exception>
    public static NoiseEstimate Estimate(Image image) => Measure(image).Noise;

    /// <summary>The noise of a stack, its pages pooled; stuck samples are counted over all pages.</summary>
    /// <param name="pages">Pages of equal size, at least one.</param>
    /// <exception cref="ArgumentException">Pages differ in size, or a sample is NaN or infinite.</exception>
    public static NoiseEstimate Estimate(IReadOnlyList<Image> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentOutOfRangeException.ThrowIfZero(pages.Count);
        return Estimate(new Image([.. pages.SelectMany(static page => page.Planes)], pages[0].Scale));
    }

    /// <summary>The noise, measured without the stuck samples, and these by plane.</summary>
    internal static (NoiseEstimate Noise, IReadOnlyList<int>[] Stuck) Measure(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Require.Finite(image);
        IReadOnlyList<Mask?> masks = ConstantAreas.Of(image);
        Image picture = MaskFill.Filled(image, masks);
        IReadOnlyList<int>[] candidates = [.. picture.Planes.Select(HotPixels.Candidates)];
        int suspected = candidates.Sum(static list => list.Count);
        if (suspected == 0)
        {
            return (WithoutStuck(picture, masks), candidates);
        }

        NoiseEstimate noise = WithoutStuck(HotPixels.Repaired(picture, candidates), masks);
        IReadOnlyList<int>[] stuck = HotPixels.Confirmed(picture, candidates, noise);
        int count = stuck.Sum(static list => list.Count);
        if (count < suspected)
        {
            noise = WithoutStuck(HotPixels.Repaired(picture, stuck), masks);
        }

        bool impulsive = count > LeastImpulses * image.Planes.Sum(static plane => (double)plane.Samples.Length);
        return (noise with { HotPixels = count, Kind = impulsive ? NoiseKind.Impulsive : noise.Kind }, stuck);
    }

    private static NoiseEstimate WithoutStuck(Image image, IReadOnlyList<Mask?> masks)
    {
        int masked = masks.Sum(static mask => mask?.Count ?? 0);
        ClippedShares clipped = ClippedShares.Of(image, masks);
        if (masked > MostMasked * image.Planes.Sum(static plane => (double)plane.Samples.Length) && Labels.Are(image, masks))
        {
            return Nothing(clipped, masked, "almost all of the picture are areas of one value, like labels or a mask");
        }

        // Pictures of 8 bits are photographs as often as micrographs, and hold texture in the highest band.
        IReadOnlyList<BandLevel> band = image.Scale == SampleScale.EightBit ? [] : DiagonalBand.Of(image, masks, clipped.CanBlack, clipped.CanWhite);
        List<LevelSet> patches = LevelSets.Of(image, masks, clipped.CanBlack, clipped.CanWhite), sets = MergedLevels.Of(patches, band);
        double origin = image.Scale.Bounded ? -image.Scale.Black / image.Scale.Range : 0;
        double rounding = image.Scale.Bounded ? 1 / (12 * image.Scale.Range * image.Scale.Range) : 1e-12;
        if (NoiseReading.Best(sets, image.Scale.Bounded, origin, rounding, PhotonComb.Of(image, masks)) is { } best)
        {
            return NoiseDescription.Of(image, masks, sets, best, clipped, Whiteness(patches), band.Count > 0) with { Masked = masked };
        }

        return Nothing(clipped, masked, image.Width < PatchLevel.Side || image.Height < PatchLevel.Side || sets.Count == 0
            ? "the image is too small to measure its noise"
            : "almost all samples are black or white: there is nothing to measure the noise on");
    }

    /// <summary>Smallest eigenvalues of patches, on the average of all sets.</summary>
    private static double Whiteness(List<LevelSet> patches) =>
        patches.Count == 0 ? 1 : patches.Sum(static set => set.Patches * set.Whiteness) / patches.Sum(static set => (double)set.Patches);

    private static NoiseEstimate Nothing(ClippedShares clipped, int masked, string why) => new()
    {
        Kind = NoiseKind.None,
        Sigma = 0,
        ClippedBlack = clipped.Black,
        ClippedWhite = clipped.White,
        Masked = masked,
        Warnings = [why],
    };
}
