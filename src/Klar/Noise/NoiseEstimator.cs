using System.Runtime.CompilerServices;
using Klar.Imaging;

namespace Klar.Noise;

/// <summary>Measures the noise of one image, with no parameter to set.</summary>
/// <remarks>
/// Patches are cut into sets of like brightness; in each the noise's variance comes from the eigenvalues of the
/// patches' covariance
/// (<see cref="PatchLevel"/>). Sets where samples are clipped are taken for clipped normal noise and the clipping is
/// undone, or not: of both readings, and of one level or a line of variance over brightness, the one that fits best
/// is taken.
/// </remarks>
public static class NoiseEstimator
{
    // Of whole numbers, a standard deviation below this many grey levels is that of rounding; of floats, this share of
    // the range is below what they hold.
    private const double MinGreyLevels = 0.25;
    private const double MinOfFloats = 1e-5;

    // With a greater share of samples in areas of one value the picture is one of labels, unless the others scatter.
    private const double MaxMasked = 0.9;

    // Where neighbours correlate more, the highest band does not show the noise's level.
    private const double MaxLagOfBand = 0.3;

    // With a greater share of stuck samples they are the noise.
    private const double MinImpulses = 0.002;

    private static readonly ConditionalWeakTable<Image, Measurement> Measured = [];

    /// <summary>Less noise than this, in sample units, cannot be told from rounding.</summary>
    internal static double MinSigma(SampleScale scale) =>
        scale.Bounded ? MinGreyLevels / scale.Range : MinOfFloats;

    /// <summary>The noise of <paramref name="image"/>, all channels pooled.</summary>
    /// <exception cref="ArgumentException">A sample is NaN or infinite; the message says where.</exception>
    public static NoiseEstimate Estimate(Image image, CancellationToken cancel = default) =>
        Measure(image, cancel).Noise;

    /// <summary>The noise of a stack, its pages pooled; stuck samples are counted over all pages.</summary>
    /// <param name="pages">Pages of equal size, at least one.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ArgumentException">Pages differ in size, or a sample is NaN or infinite.</exception>
    public static NoiseEstimate Estimate(IReadOnlyList<Image> pages, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentOutOfRangeException.ThrowIfZero(pages.Count);
        return Estimate(new Image([.. pages.SelectMany(static page => page.Planes)], pages[0].Scale), cancel);
    }

    /// <summary>The noise, measured without the stuck samples, and these by plane.</summary>
    /// <remarks>
    /// What is measured on an image is kept with it, as images never change: whoever handles it next need not measure
    /// it again.
    /// </remarks>
    internal static (NoiseEstimate Noise, IReadOnlyList<int>[] Stuck) Measure(
        Image image, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!Measured.TryGetValue(image, out Measurement? measurement))
        {
            (NoiseEstimate noise, IReadOnlyList<int>[] stuck) = Measure(image, HasBand(image), cancel);
            measurement = Measured.GetValue(image, _ => new Measurement(noise, stuck));
        }

        return (measurement.Noise, measurement.Stuck);
    }

    /// <summary>Whether the highest band can be relied on: photographs have texture in it.</summary>
    internal static bool HasBand(Image image) => !image.Scale.MayBePhotograph;

    /// <summary>
    /// The same, with or without the highest band, for pictures whose scale does not tell where they come from.
    /// </summary>
    internal static (NoiseEstimate Noise, IReadOnlyList<int>[] Stuck) Measure(
        Image image, bool withBand, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        Require.Finite(image);
        IReadOnlyList<Mask?> masks = ConstantAreas.Of(image, cancel);
        JpegGrid? grid = JpegGrid.Of(image, masks);
        masks = grid is null ? masks : JpegEstimate.MasksAtEnds(image, masks);
        (Image picture, int columns) = BadColumns.Repaired(MaskFill.Filled(image, masks, cancel), masks);
        IReadOnlyList<int>[] candidates = [.. picture.Planes.Select(plane => HotPixels.Candidates(plane, cancel))];
        int suspected = candidates.Sum(static list => list.Count);
        cancel.ThrowIfCancellationRequested();
        if (suspected == 0)
        {
            NoiseEstimate none = WithoutStuck(picture, masks, withBand, grid);
            return (none with { BadColumns = none.Kind == NoiseKind.None ? 0 : columns }, candidates);
        }

        NoiseEstimate noise = WithoutStuck(HotPixels.Repaired(picture, candidates), masks, withBand, grid);
        cancel.ThrowIfCancellationRequested();
        IReadOnlyList<int>[] stuck = HotPixels.Confirmed(picture, candidates, noise);
        int count = stuck.Sum(static list => list.Count);
        if (count < suspected)
        {
            noise = WithoutStuck(HotPixels.Repaired(picture, stuck), masks, withBand, grid);
        }

        bool impulsive = count > MinImpulses * image.Planes.Sum(static plane => (double)plane.Samples.Length);
        noise = noise with
        {
            HotPixels = count,
            BadColumns = noise.Kind == NoiseKind.None ? 0 : columns,
            Kind = impulsive ? NoiseKind.Impulsive : noise.Kind,
        };
        return (noise, stuck);
    }

    /// <summary>The noise of an image, and its stuck samples by plane.</summary>
    private sealed record Measurement(NoiseEstimate Noise, IReadOnlyList<int>[] Stuck);

    private static NoiseEstimate WithoutStuck(
        Image image, IReadOnlyList<Mask?> masks, bool withBand, JpegGrid? grid)
    {
        int masked = Mask.CountIn(masks);
        ClippedShares clipped = ClippedShares.Of(image, masks);
        if (masked > MaxMasked * image.Planes.Sum(static plane => (double)plane.Samples.Length)
            && Labels.Are(image, masks))
        {
            return Nothing(clipped, "almost all of the picture are areas of one value, like labels or a mask") with
            {
                Masked = masked,
            };
        }

        if (grid is not null && JpegEstimate.Of(image, masks, grid, clipped) is { } noiseOfJpeg)
        {
            return noiseOfJpeg with { Masked = masked };
        }

        IReadOnlyList<BandLevel> band = DiagonalBand.Of(image, masks, clipped.CanBlack, clipped.CanWhite);
        List<LevelSet> patches = LevelSets.Of(image, masks, clipped.CanBlack, clipped.CanWhite);
        double whiteness = Whiteness(patches);
        NoiseReading? fromPatches = Read(patches);
        bool isWhite = fromPatches is not null && BandWhiteness.Shows(band, fromPatches.Line);
        if (withBand && band.Count > 0)
        {
            List<LevelSet> sets = MergedLevels.Of(patches, band);
            if (Read(sets) is { } fromBand
                && NoiseDescription.Of(
                    image, masks, sets, fromBand, clipped, whiteness, hasBand: true, isWhite) is var noise
                && noise.Lag1 < MaxLagOfBand)
            {
                return noise with { Masked = masked };
            }

            // Correlated noise is weak in the highest band, and by how much depends on its spectrum: patches show more.
        }

        if (fromPatches is { } best)
        {
            NoiseEstimate noise = NoiseDescription.Of(
                image, masks, patches, best, clipped, whiteness, hasBand: false, isWhite);
            return noise with { Masked = masked, Jpeg = grid };
        }

        bool isSmall = image.Width < PatchLevel.Side || image.Height < PatchLevel.Side || patches.Count == 0;
        string why = isSmall
            ? "the image is too small to measure its noise"
            : "almost all samples are black or white: there is nothing to measure the noise on";
        return Nothing(clipped, why) with { Masked = masked, Jpeg = grid };

        NoiseReading? Read(List<LevelSet> levels) => NoiseReading.Of(image, masks, levels);
    }

    /// <summary>Smallest eigenvalues of patches, on the average of all sets.</summary>
    private static double Whiteness(List<LevelSet> patches) =>
        patches.Count == 0
            ? 1
            : patches.Sum(static set => set.Patches * set.Whiteness) / patches.Sum(static set => (double)set.Patches);

    /// <summary>That nothing was measured, and why.</summary>
    internal static NoiseEstimate Nothing(ClippedShares clipped, string why) => new()
    {
        Kind = NoiseKind.None,
        Sigma = 0,
        ClippedBlack = clipped.Black,
        ClippedWhite = clipped.White,
        Warnings = [why],
    };
}
