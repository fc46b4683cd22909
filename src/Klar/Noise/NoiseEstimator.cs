using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Measures the noise of one image, with no parameter to set.</summary>
/// <remarks>
/// Patches are cut into sets of like brightness; in each the noise's variance comes from the eigenvalues of the patches' covariance
/// (<see cref="PatchLevel"/>). Sets where samples are clipped are taken for clipped normal noise and the clipping is undone, or not: of both
/// readings, and of one level or a line of variance over brightness, the one that fits best is taken.
/// </remarks>
public static class NoiseEstimator
{
    // A set with more samples at white than this is left out while there are others; one with fewer at black counts as not clipped.
    private const double MostWhite = 0.02;
    private const double LeastClipped = 0.002;
    private const double MostClipped = 0.75;

    // What a line must be better than one level, which has a parameter less.
    private const double LinePenalty = 1.1;
    private const double LeastMisfit = 1e-4;

    // Below this a normal distribution is ruled out, for the fourth moment and for the positive half.
    private const double UniformKurtosis = 2.3;
    private const double UniformRatio = 1.42;
    private const double LeastUniformRatio = 1.25;

    // Uniform noise may seem to grow with brightness by so much in variance; photon noise grows more.
    private const double MostGrowth = 1.35;

    // Shares at black are known to about this where a set is of one brightness.
    private const double ShareError = 0.03;

    // What a squared miss of the share at black counts beside a squared logarithm of variances.
    private const double ShareWeight = 3;

    // Read noise beyond this, in squared photons, makes zeros impossible to tell.
    private const double MostHiddenRead = 0.1;

    // The standard deviation of the rounding to 8 bits, in units of white: less cannot be told from it.
    private const double LeastSigma = 0.25 / 255;

    /// <summary>The noise of <paramref name="image"/>, all channels pooled.</summary>
    /// <exception cref="ArgumentException">A sample is NaN or infinite; the message says where.</exception>
    public static NoiseEstimate Estimate(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Require.Finite(image);
        (double black, double white, bool belowBlack, bool aboveWhite) = Clipped(image);
        int hot = image.Planes.Sum(static plane => HotPixels.Find(plane).Count);
        (bool canBlack, bool canWhite) = (image.Scale.Bounded && !belowBlack, image.Scale.Bounded && !aboveWhite);
        (black, white) = (canBlack ? black : 0, canWhite ? white : 0);
        List<LevelSet> sets = LevelSets.Of(image, canBlack, canWhite);
        Reading? best = sets.Count == 0 ? null : Readings(sets, image.Scale.Bounded).MinBy(static reading => reading.Misfit);
        if (best is null)
        {
            string why = image.Width < PatchLevel.Side || image.Height < PatchLevel.Side || sets.Count == 0
                ? "the image is too small to measure its noise"
                : "almost all samples are black or white: there is nothing to measure the noise on";
            return new NoiseEstimate { Kind = NoiseKind.None, Sigma = 0, ClippedBlack = black, ClippedWhite = white, HotPixels = hot, Warnings = [why] };
        }

        return Described(image, sets, best, black, white, hot);
    }

    private static NoiseEstimate Described(Image image, List<LevelSet> sets, Reading best, double black, double white, int hot)
    {
        double mean = Math.Max(0, sets.Sum(static set => set.Mean * set.Patches) / sets.Sum(static set => set.Patches));
        (double[] autocorrelation, double excess) = NoiseCorrelation.Of(image, sets);
        double seen = NoiseCorrelation.Share(autocorrelation, excess);
        best = best with { Line = new VarianceLine(best.Line.Gain / seen, best.Line.Read / seen) };
        double sigma = Math.Sqrt(best.Line.At(mean));
        var warnings = new List<string>();
        NoiseKind kind = best.Line.Gain > 0 ? NoiseKind.PoissonGaussian : NoiseKind.Gaussian;
        bool photonsAlone = best.Line.Gain > 0 && best.Line.Read < MostHiddenRead * best.Line.Gain * best.Line.Gain;
        bool cutBlack = best.UndoesBlack && !photonsAlone && black > LeastClipped;
        if (Uniform(sets) is { } width)
        {
            (kind, sigma) = (NoiseKind.Uniform, width / Math.Sqrt(12));
            best = best with { Line = new VarianceLine(0, sigma * sigma) };
            cutBlack = black > LeastClipped;
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
            CutAtWhite = image.Scale.Bounded && white > LeastClipped,
            Autocorrelation = autocorrelation,
            HotPixels = hot,
            Confidence = Math.Round(confidence, 2),
            Warnings = warnings,
        };
    }

    /// <summary>A way to read the level sets.</summary>
    private sealed record Reading(VarianceLine Line, bool UndoesBlack, double Misfit);

    private static IEnumerable<Reading> Readings(List<LevelSet> all, bool bounded)
    {
        List<LevelSet> sets = all.Exists(static set => set.White < MostWhite) ? all.FindAll(static set => set.White < MostWhite) : all;
        bool canBeCut = bounded && sets.Exists(static set => set.Black > LeastClipped);
        foreach (bool undo in canBeCut ? (bool[])[false, true] : [false])
        {
            var points = new List<(double X, double Variance, double Weight)>();
            double shares = 0, weights = 0;
            foreach (LevelSet set in sets)
            {
                bool black = undo && set.Black > LeastClipped, white = bounded && set.White > LeastClipped;
                if (set.Black + set.White > MostClipped || !(set.Variance > 0))
                {
                    continue;
                }

                if (!black && !white)
                {
                    points.Add((set.Mean, set.Variance, set.Patches));
                    continue;
                }

                if (ClippedNormal.Undo(set.Mean, set.Variance, black, white) is var (x, sigma))
                {
                    // Normal noise cut off at black also says how much must lie there; where it does not, patches hold dark and bright at once.
                    double off = black ? ClippedNormal.ShareBlack(x, sigma) - set.Black : 0;
                    double seen = (1 - set.Black - set.White) * (1 - set.Black - set.White) / (1 + (off * off / (ShareError * ShareError)));
                    points.Add((x, sigma * sigma, set.Patches * seen));
                    (shares, weights) = (shares + (set.Patches * off * off), weights + set.Patches);
                }
            }

            if (points.Count == 0)
            {
                continue;
            }

            double missed = weights > 0 ? ShareWeight * shares / weights : 0;
            VarianceLine level = VarianceLine.Level(points);
            yield return new Reading(level, undo, level.Misfit(points) + (undo ? missed : Unexplained(sets, level, canBeCut)));
            if (!undo)
            {
                yield return Photons(sets, points, canBeCut);
            }

            if (points.Count > 1)
            {
                // Neither photons alone nor a camera that adds an offset have anything cut off at black.
                VarianceLine line = VarianceLine.Through(points);
                if (undo && line.Read <= 0)
                {
                    continue;
                }

                yield return new Reading(line, undo, (LinePenalty * line.Misfit(points)) + LeastMisfit + (undo ? missed : Unexplained(sets, line, canBeCut)));
            }
        }
    }

    /// <summary>Photons alone: sets with more zeros than their brightness explains hold dark and bright at once and count less.</summary>
    private static Reading Photons(List<LevelSet> sets, List<(double X, double Variance, double Weight)> points, bool canBeCut)
    {
        VarianceLine line = VarianceLine.ThroughOrigin(points);
        for (int round = 0; canBeCut && round < 4; round++)
        {
            double gain = line.Gain;
            points = [.. sets.Where(static set => set.Variance > 0).Select(set =>
            {
                double off = gain > 0 ? (set.Black - Elementary.Exp(-Math.Max(0, set.Mean) / gain)) / ShareError : 0;
                return (set.Mean, set.Variance, set.Patches / (1 + (off * off)));
            })];
            line = VarianceLine.ThroughOrigin(points);
        }

        return new Reading(line, false, line.Misfit(points) + LeastMisfit + Unexplained(sets, line, canBeCut));
    }

    /// <summary>
    /// Samples at black that are not cut off are photons that did not come, e^(−x/a) of all, if no read noise hides them.
    /// </summary>
    private static double Unexplained(List<LevelSet> sets, VarianceLine line, bool canBeCut)
    {
        if (!canBeCut)
        {
            return 0;
        }

        bool pure = line.Gain > 0 && Math.Abs(line.Read) < MostHiddenRead * line.Gain * line.Gain;
        double sum = 0, all = 0;
        foreach (LevelSet set in sets)
        {
            double off = set.Black - (pure ? Elementary.Exp(-Math.Max(0, set.Mean) / line.Gain) : 0);
            (sum, all) = (sum + (set.Patches * off * off), all + set.Patches);
        }

        return ShareWeight * sum / all;
    }

    /// <summary>The width of uniform noise, if that is what it looks like.</summary>
    private static double? Uniform(List<LevelSet> sets)
    {
        LevelSet[] whole = [.. sets.Where(static set => set.Black + set.White < LeastClipped)];
        LevelSet[] halves = [.. sets.Where(static set => set.Black is > 0.3 and < 0.6 && set.White < LeastClipped)];
        double wholeWeight = whole.Sum(static set => (double)set.Patches), halfWeight = halves.Sum(static set => (double)set.Patches);
        if (wholeWeight >= halfWeight && wholeWeight > 0)
        {
            double kurtosis = whole.Sum(static set => set.Patches * set.Kurtosis) / wholeWeight;
            return kurtosis < UniformKurtosis ? Math.Sqrt(12 * VarianceLine.Level([.. whole.Select(static set => (set.Mean, set.Variance, (double)set.Patches))]).Read) : null;
        }

        double ratio = halfWeight == 0 ? 0 : halves.Sum(static set => set.Patches * set.PositiveRatio) / halfWeight;
        if (ratio is < LeastUniformRatio or > UniformRatio)
        {
            return null;
        }

        // Samples above black are uniform from 0 to h = x + w/2, and the share at black is 1/2 − x/w: w = h / (1 − share).
        double width = halves.Sum(static set => set.Patches * 2 * set.PositiveMean / (1 - set.Black)) / halfWeight;

        // Photon noise in the dark looks alike, but it grows where there is light.
        LevelSet[] bright = [.. sets.Where(static set => set.Black < 0.1 && set.White < LeastClipped)];
        double level = bright.Length == 0 ? width * width / 12 : VarianceLine.Level([.. bright.Select(static set => (set.Mean, set.Variance, (double)set.Patches))]).Read;
        return level < MostGrowth * width * width / 12 ? width : null;
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
