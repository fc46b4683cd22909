using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>From the reading of an image's levels to what is said of its noise.</summary>
internal static class NoiseDescription
{
    /// <summary>Below it the estimate is a guess, and said to be one.</summary>
    public const double MinConfidence = 0.4;

    // Misfits (mean squared logarithms of variances) at which nothing is to be trusted.
    private const double WorstMisfit = 0.1;

    // Patches from which on their number is no reason for doubt.
    private const double EnoughPatches = 4000;

    // What structure does to a level's variance, at best.
    private const double MinError = 0.03;

    /// <summary>
    /// The noise of an image, with the autocorrelation that is <paramref name="known"/> or else measured.
    /// </summary>
    public static NoiseEstimate Of(
        Image image, IReadOnlyList<Mask?> masks, List<LevelSet> sets, NoiseReading best, ClippedShares clipped,
        double whiteness, bool hasBand, bool isWhiteInBand, double[]? known = null)
    {
        double patches = sets.Sum(static set => (double)set.Patches);
        double mean = sets.Sum(static set => set.Mean * set.Patches) / patches;
        (double[] autocorrelation, double factor) = known is not null
            ? (known, 1)
            : NoiseCorrelation.Of(image, masks, best.Line, whiteness, hasBand, isWhiteInBand);
        VarianceLine line = new(best.Line.Gain * factor, best.Line.Read * factor);
        (double offset, double read) = Offset(image, masks, line);
        double sigma = Math.Sqrt(line.At(mean));
        var warnings = new List<string>();
        NoiseKind kind = line.Gain > 0 ? NoiseKind.PoissonGaussian : NoiseKind.Gaussian;
        bool photonsAlone = line.Gain > 0 && read < NoiseReading.MaxHiddenRead * line.Gain * line.Gain;
        bool cutBlack = best.UndoesBlack && !photonsAlone && clipped.Black > NoiseReading.MinClipped;
        if (UniformWidth.Of(sets) is { } width && UniformWidth.Explains(sets, width, image.Scale.Bounded, best.Misfit))
        {
            (kind, sigma) = (NoiseKind.Uniform, width / Math.Sqrt(12));
            line = new VarianceLine(0, sigma * sigma);
            (offset, read) = (0, line.Read);
            cutBlack = clipped.Black > NoiseReading.MinClipped;
        }

        double most = Math.Sqrt(sets.Max(set => line.At(set.Mean)));
        if (most < NoiseEstimator.MinSigma(image.Scale))
        {
            kind = NoiseKind.None;
            warnings.Add("the noise is below what can be measured");
        }

        double clippedInSets = sets.Sum(static set => set.Patches * (set.Black + set.White)) / patches;
        if (clippedInSets > 0.5)
        {
            warnings.Add("more than half of the samples are black or white: the estimate rests on the others");
        }

        double confidence =
            (1 - (best.Misfit / WorstMisfit)) * Math.Min(1, patches / EnoughPatches) * (1 - (0.5 * clippedInSets));
        confidence = Math.Clamp(confidence * (line.Gain > 0 ? GainConfidence(sets, line) : 1), 0.05, 1);
        if (kind != NoiseKind.None && confidence < MinConfidence)
        {
            warnings.Add(
                "the noise could only be guessed: the picture shows too little of it "
                + "(--gain, --read-noise and --offset, or --sigma, tell it)");
        }

        return new NoiseEstimate
        {
            Kind = kind,
            Sigma = sigma,
            Brightness = mean,
            Gain = line.Gain,
            ReadNoise = Math.Sqrt(read),
            Offset = offset,
            ClippedBlack = clipped.Black,
            ClippedWhite = clipped.White,
            CutAtBlack = cutBlack,
            CutAtWhite = image.Scale.Bounded && clipped.White > NoiseReading.MinClipped,
            Autocorrelation = autocorrelation,
            Whiteness = whiteness,
            Levels = [.. sets.Where(static set => set.Variance > 0).Select(set =>
            {
                bool isOnLine = set is { IsOfBand: true, IsWhole: true };
                return (set.Mean, Math.Sqrt(isOnLine ? line.At(set.Mean) : set.Variance * factor));
            })],
            DarkEnd = End(sets[0], factor),
            BrightEnd = End(sets[^1], factor),
            Confidence = Math.Round(confidence, 2),
            Warnings = warnings,
        };
    }

    private static NoiseLevel End(LevelSet set, double factor) =>
        new(set.Mean, Math.Sqrt(Math.Max(0, set.Variance) * factor), ErrorOf(set) / 2);

    /// <summary>
    /// The brightness without light and the noise's variance there: the picture's floor; else the value 0 of the file,
    /// or where the line falls to 0 if it does so above that. Each lies on the line: what is stabilised is the same.
    /// </summary>
    private static (double Offset, double Read) Offset(Image image, IReadOnlyList<Mask?> masks, VarianceLine line)
    {
        if (!(line.Gain > 0))
        {
            return (0, Math.Max(0, line.Read));
        }

        double zero = image.Scale.Bounded ? -image.Scale.Black / image.Scale.Range : 0, ends = -line.Read / line.Gain;
        bool canHaveFloor = !image.Scale.MayBePhotograph && (image.Scale.Bounded || ends > zero);
        if (canHaveFloor && CameraFloor.Of(image, masks, line) is { } floor && floor > ends)
        {
            return (floor, line.At(floor));
        }

        return ends > zero ? (ends, 0) : (zero, Math.Max(0, (line.Gain * zero) + line.Read));
    }

    private static double ErrorOf(LevelSet set) =>
        Math.Sqrt(
            (MinError * MinError) + (set.Error * set.Error)
            + (set.IsOfBand ? 0 : 2.0 / Math.Max(1, Math.Min(set.Patches, set.Pixels))));

    /// <summary>
    /// The probability that the gain is right within a factor of 1.5, as far as the levels' own errors go.
    /// </summary>
    private static double GainConfidence(List<LevelSet> sets, VarianceLine line)
    {
        double w = 0, x = 0, xx = 0;
        foreach (LevelSet set in sets.Where(static set => set.Variance > 0))
        {
            double error = ErrorOf(set) * line.At(set.Mean), weight = 1 / (error * error);
            (w, x, xx) = (w + weight, x + (weight * set.Mean), xx + (weight * set.Mean * set.Mean));
        }

        double spread = xx - (x * x / w);
        double relative = spread > 0 ? Math.Sqrt(1 / spread) / line.Gain : double.PositiveInfinity;
        const double LogFactor = 0.405;
        return double.IsFinite(relative) ? (2 * Normal.Distribution(LogFactor / Math.Max(relative, 1e-9))) - 1 : 0;
    }
}
