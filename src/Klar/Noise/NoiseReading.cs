using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>A way to read the level sets of an image.</summary>
/// <param name="Line">The noise's variance over brightness.</param>
/// <param name="UndoesBlack">Whether samples at black are taken for noise that was cut off.</param>
/// <param name="Misfit">How badly the sets fit, less is better.</param>
internal sealed record NoiseReading(VarianceLine Line, bool UndoesBlack, double Misfit)
{
    // Rounding adds 1/12 of a squared grey level where noise mixes the levels, and nothing where all samples are equal:
    // of less than half of it nothing is known, and in levels of less than four times that it is most of the variance.
    private const double ShareOfRounding = 0.5;
    private const double MinHidden = 4;

    /// <summary>A set with fewer samples at black or white counts as not clipped.</summary>
    public const double MinClipped = 0.002;

    /// <summary>Read noise beyond this, in squared photons, makes zeros impossible to tell.</summary>
    public const double MaxHiddenRead = 0.1;

    // A set with more samples at white than this is left out while there are others.
    private const double MaxWhite = 0.02;
    private const double MaxClipped = 0.75;

    // What a line must be better than one level, which has a parameter less; sets of one level differ by about six
    // hundredths in variance.
    private const double LinePenalty = 1.1;
    private const double MinMisfit = 0.004;

    // Shares at black are known to about this where a set is of one brightness.
    private const double ShareError = 0.03;

    // What a squared miss of the share at black counts beside a squared logarithm of variances.
    private const double ShareWeight = 3;

    /// <summary>The reading of an image's levels that fits best; null where there is nothing to read.</summary>
    public static NoiseReading? Of(Image image, IReadOnlyList<Mask?> masks, List<LevelSet> levels)
    {
        bool bounded = image.Scale.Bounded;
        double range = image.Scale.Range, origin = bounded ? -image.Scale.Black / range : 0;
        double hidden = bounded ? ShareOfRounding / (12 * range * range) : 1e-12;
        return Best(levels, bounded, origin, hidden, PhotonComb.Of(image, masks));
    }

    /// <summary>The reading that fits best; null where there is nothing to read.</summary>
    /// <param name="sets">The levels.</param>
    /// <param name="bounded">Whether the file's type ends at white.</param>
    /// <param name="origin">The sample of the file's value 0: no light, if there is no offset.</param>
    /// <param name="hidden">Less variance than this, a part of that of hidden, is not seen.</param>
    /// <param name="comb">The dark grey levels.</param>
    public static NoiseReading? Best(
        List<LevelSet> sets, bool bounded, double origin, double hidden, PhotonComb comb) =>
        All(sets, bounded, origin, hidden, comb).MinBy(static reading => reading.Misfit);

    private static IEnumerable<NoiseReading> All(
        List<LevelSet> all, bool bounded, double origin, double hidden, PhotonComb comb)
    {
        List<LevelSet> sets = all.Exists(static set => set.White < MaxWhite)
            ? all.FindAll(static set => set.White < MaxWhite)
            : all;
        bool canBeCut = bounded && sets.Exists(static set => set.Black > MinClipped);

        // Where samples pile up at black, it is there that no light comes.
        origin = canBeCut ? 0 : origin;
        foreach (bool undo in canBeCut ? (bool[])[false, true] : [false])
        {
            var points = new List<NoisePoint>();
            double shares = 0, weights = 0;
            foreach (LevelSet set in sets)
            {
                bool black = undo && set.Black > MinClipped, white = bounded && set.White > MinClipped;
                if (set.Black + set.White > MaxClipped || !(set.Variance > 0))
                {
                    continue;
                }

                if (!black && !white)
                {
                    // A level whose samples are nearly all equal says only that there is no more noise than that.
                    double variance = set.IsOfBand ? Math.Max(hidden, set.Variance) : set.Variance;
                    points.Add(new NoisePoint(set.Mean, variance, set.Patches, set.Error, set.MeanError));
                    continue;
                }

                if (ClippedNormal.Undo(set.Mean, set.Variance, black, white) is var (x, sigma))
                {
                    // Normal noise cut off at black also says how much must lie there; where it does not, patches
                    // hold dark and bright at once.
                    double off = black ? ClippedNormal.ShareBlack(x, sigma) - set.Black : 0;
                    double seen = (1 - set.Black - set.White) * (1 - set.Black - set.White) / (1
                        + (off * off / (ShareError * ShareError)));
                    points.Add(new NoisePoint(x, sigma * sigma, set.Patches * seen));
                    (shares, weights) = (shares + (set.Patches * off * off), weights + set.Patches);
                }
            }

            if (points.Count == 0)
            {
                continue;
            }

            if (undo && comb.Shows(VarianceLine.ThroughOrigin(WithoutErrors(sets), origin).Gain))
            {
                continue;
            }

            double missed = weights > 0 ? ShareWeight * shares / weights : 0;
            VarianceLine level = VarianceLine.Level(points);
            yield return new NoiseReading(
                level, undo, level.Misfit(points) + (undo ? missed : Unexplained(sets, level, canBeCut)));
            if (!undo)
            {
                NoiseReading photons = Photons(sets, points, canBeCut, origin, hidden);
                if (!canBeCut || comb.Allows(photons.Line.Gain))
                {
                    yield return photons;
                }

            }

            if (points.Count > 1)
            {
                // Neither photons alone nor a camera that adds an offset have anything cut off at black; and photons
                // alone leave gaps.
                VarianceLine line = VarianceLine.Through(points, hidden);
                bool alone = line.Gain > 0 && Math.Abs(line.Read) < MaxHiddenRead * line.Gain * line.Gain;
                if ((undo && line.Read <= 0) || (canBeCut && !undo && alone && !comb.Allows(line.Gain)))
                {
                    continue;
                }

                yield return new NoiseReading(
                    line,
                    undo,
                    (LinePenalty * line.Misfit(points)) + MinMisfit
                        + (undo ? missed : Unexplained(sets, line, canBeCut)));
            }
        }
    }

    private static NoisePoint[] WithoutErrors(List<LevelSet> sets) =>
        [.. sets.Select(static set => new NoisePoint(set.Mean, set.Variance, set.Patches))];

    /// <summary>
    /// Photons alone: sets with more zeros than their brightness explains hold dark and bright at once and count
    /// less.
    /// </summary>
    private static NoiseReading Photons(
        List<LevelSet> sets, List<NoisePoint> points, bool canBeCut, double origin, double hidden)
    {
        // Next to the origin, rounding leaves nothing to tell a gain from.
        VarianceLine Fitted() => VarianceLine.ThroughOrigin(
            points.FindAll(point => point.Error == 0 || point.Variance > MinHidden * hidden), origin) with
        {
            Least = points.Exists(static point => point.Error > 0) ? hidden : new VarianceLine(0, 0).Least,
        };
        VarianceLine line = Fitted();
        for (int round = 0; canBeCut && round < 4; round++)
        {
            double gain = line.Gain;
            points = [.. sets.Where(static set => set.Variance > 0).Select(set =>
            {
                double off = gain > 0 ? (set.Black - Elementary.Exp(-Math.Max(0, set.Mean) / gain)) / ShareError : 0;
                double variance = set.IsOfBand ? Math.Max(hidden, set.Variance) : set.Variance;
                return new NoisePoint(set.Mean, variance, set.Patches / (1 + (off * off)), set.Error, set.MeanError);
            })];
            line = Fitted();
        }

        return new NoiseReading(line, false, line.Misfit(points) + MinMisfit + Unexplained(sets, line, canBeCut));
    }

    /// <summary>
    /// Samples at black that are not cut off are photons that did not come, e^(−x/a) of all, if no read noise hides
    /// them.
    /// </summary>
    private static double Unexplained(List<LevelSet> sets, VarianceLine line, bool canBeCut)
    {
        if (!canBeCut)
        {
            return 0;
        }

        bool pure = line.Gain > 0 && Math.Abs(line.Read) < MaxHiddenRead * line.Gain * line.Gain;
        double sum = 0, all = 0;
        foreach (LevelSet set in sets)
        {
            double off = set.Black - (pure ? Elementary.Exp(-Math.Max(0, set.Mean) / line.Gain) : 0);

            // Dark and bright places in one level of the band have more zeros than their mean explains, and never less.
            double seen = pure && set.IsOfBand && off > 0 ? 1 / (1 + (off * off / (ShareError * ShareError))) : 1;
            (sum, all) = (sum + (seen * set.Patches * off * off), all + set.Patches);
        }

        return ShareWeight * sum / all;
    }
}
