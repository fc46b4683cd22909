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
    /// <summary>The standard deviation of the rounding to 8 bits, in units of white: less cannot be told from it.</summary>
    internal const double LeastSigma = 0.25 / 255;

    // With a greater share of stuck samples they are the noise.
    private const double LeastImpulses = 0.002;

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
        IReadOnlyList<int>[] candidates = [.. image.Planes.Select(HotPixels.Candidates)];
        int suspected = candidates.Sum(static list => list.Count);
        if (suspected == 0)
        {
            return (WithoutStuck(image), candidates);
        }

        NoiseEstimate noise = WithoutStuck(HotPixels.Repaired(image, candidates));
        IReadOnlyList<int>[] stuck = HotPixels.Confirmed(image, candidates, noise);
        int count = stuck.Sum(static list => list.Count);
        if (count < suspected)
        {
            noise = WithoutStuck(HotPixels.Repaired(image, stuck));
        }

        bool impulsive = count > LeastImpulses * image.Planes.Sum(static plane => (double)plane.Samples.Length);
        return (noise with { HotPixels = count, Kind = impulsive ? NoiseKind.Impulsive : noise.Kind }, stuck);
    }

    private static NoiseEstimate WithoutStuck(Image image)
    {
        (double black, double white, bool belowBlack, bool aboveWhite) = Clipped(image);
        (bool canBlack, bool canWhite) = (image.Scale.Bounded && !belowBlack, image.Scale.Bounded && !aboveWhite);
        (black, white) = (canBlack ? black : 0, canWhite ? white : 0);
        List<LevelSet> sets = LevelSets.Of(image, canBlack, canWhite);
        if (NoiseReading.Best(sets, image.Scale.Bounded) is { } best)
        {
            return Described(image, sets, best, black, white);
        }

        string why = image.Width < PatchLevel.Side || image.Height < PatchLevel.Side || sets.Count == 0
            ? "the image is too small to measure its noise"
            : "almost all samples are black or white: there is nothing to measure the noise on";
        return new NoiseEstimate { Kind = NoiseKind.None, Sigma = 0, ClippedBlack = black, ClippedWhite = white, Warnings = [why] };
    }

    private static NoiseEstimate Described(Image image, List<LevelSet> sets, NoiseReading best, double black, double white)
    {
        double mean = Math.Max(0, sets.Sum(static set => set.Mean * set.Patches) / sets.Sum(static set => set.Patches));
        double whiteness = sets.Sum(static set => set.Patches * set.Whiteness) / sets.Sum(static set => set.Patches);
        (double[] autocorrelation, double factor) = NoiseCorrelation.Of(image, best.Line, whiteness);
        best = best with { Line = new VarianceLine(best.Line.Gain * factor, best.Line.Read * factor) };
        double sigma = Math.Sqrt(best.Line.At(mean));
        var warnings = new List<string>();
        NoiseKind kind = best.Line.Gain > 0 ? NoiseKind.PoissonGaussian : NoiseKind.Gaussian;
        bool photonsAlone = best.Line.Gain > 0 && best.Line.Read < NoiseReading.MostHiddenRead * best.Line.Gain * best.Line.Gain;
        bool cutBlack = best.UndoesBlack && !photonsAlone && black > NoiseReading.LeastClipped;
        if (UniformWidth.Of(sets) is { } width && UniformWidth.Explains(sets, width, image.Scale.Bounded, best.Misfit))
        {
            (kind, sigma) = (NoiseKind.Uniform, width / Math.Sqrt(12));
            best = best with { Line = new VarianceLine(0, sigma * sigma) };
            cutBlack = black > NoiseReading.LeastClipped;
        }

        if (sigma < LeastSigma)
        {
            kind = NoiseKind.None;
            warnings.Add("the noise is below what can be measured");
        }

        double clippedInSets = sets.Sum(static set => set.Patches * (set.Black + set.White)) / sets.Sum(static set => set.Patches);
        if (clippedInSets > 0.5)
        {
            warnings.Add("more than half of the samples are black or white: the estimate rests on the others");
        }

        double confidence = Math.Clamp((1 - (best.Misfit / 0.1)) * Math.Min(1, sets.Sum(static set => set.Patches) / 4000.0) * (1 - (0.5 * clippedInSets)), 0.05, 1);
        return new NoiseEstimate
        {
            Kind = kind,
            Sigma = sigma,
            Gain = best.Line.Gain,
            ReadNoise = Math.Sqrt(Math.Max(0, best.Line.Read)),
            Offset = best.Line is { Gain: > 0, Read: < 0 } ? -best.Line.Read / best.Line.Gain : 0,
            ClippedBlack = black,
            ClippedWhite = white,
            CutAtBlack = cutBlack,
            CutAtWhite = image.Scale.Bounded && white > NoiseReading.LeastClipped,
            Autocorrelation = autocorrelation,
            Whiteness = whiteness,
            Levels = [.. sets.Where(static set => set.Variance > 0).Select(set => (set.Mean, Math.Sqrt(set.Variance * factor)))],
            Confidence = Math.Round(confidence, 2),
            Warnings = warnings,
        };
    }

    /// <summary>Shares at black and white or beyond, and whether anything lies beyond: then nothing was cut off there.</summary>
    private static (double Black, double White, bool BelowBlack, bool AboveWhite) Clipped(Image image)
    {
        bool below = false, above = false;
        long black = 0, white = 0, all = 0;
        foreach (Plane plane in image.Planes)
        {
            foreach (float sample in plane.Samples)
            {
                black += sample <= 0 ? 1 : 0;
                white += sample >= 1 ? 1 : 0;
                below |= sample < 0;
                above |= sample > 1;
            }

            all += plane.Samples.Length;
        }

        return ((double)black / all, (double)white / all, below, above);
    }
}
