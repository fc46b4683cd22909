namespace Klar.Noise;

/// <summary>A measured variance.</summary>
/// <param name="X">The brightness.</param>
/// <param name="Variance">The noise's variance there.</param>
/// <param name="Weight">How much it counts: patches.</param>
/// <param name="Error">Standard error of the variance, relative to it, beyond what structure does.</param>
/// <param name="MeanError">Standard error of the brightness.</param>
internal readonly record struct NoisePoint(
    double X, double Variance, double Weight, double Error = 0, double MeanError = 0);

/// <summary>The variance of noise as a function of brightness, gain · x + read, fitted to level sets.</summary>
/// <param name="Gain">a, not negative.</param>
/// <param name="Read">b; below 0 where the camera adds an offset to the photons.</param>
internal sealed record VarianceLine(double Gain, double Read)
{
    // Sets above the line are held for structure sooner than sets below it, which structure cannot make.
    private const double Above = 0.06;
    private const double Below = 0.15;
    private const double MaxWeight = 4000;

    // A logarithm that is further off says no more: patches hold structure, and the highest band next to none.
    private const double MaxOfPatches = 0.5;
    private const double MaxOfBand = 1.5;

    private const int Rounds = 30;
    private const int RoundsFromStart = 8;

    /// <summary>The variance at brightness x.</summary>
    public double At(double x) => Math.Max(Least, (Gain * x) + Read);

    /// <summary>Less variance is not seen: rounding hides it.</summary>
    public double Least { get; init; } = 1e-12;

    /// <summary>A robust weighted fit to points (brightness, variance, weight).</summary>
    /// <param name="points">What was measured.</param>
    /// <param name="hidden">Less variance is not seen.</param>
    public static VarianceLine Through(IReadOnlyList<NoisePoint> points, double hidden)
    {
        if (points.All(static point => point.Error == 0))
        {
            double[] measured = [.. points.Select(static point => Math.Max(point.Variance, 1e-12))];
            return Fit(points, (all, trust, _) => Weighted(all, trust, measured));
        }

        // Weights by the line and not by what was measured, which would prefer levels that happen to be low.
        VarianceLine ByLine(IReadOnlyList<NoisePoint> all, double[] trust, VarianceLine line) =>
            Weighted(all, trust, [.. all.Select(
                point => Math.Max(hidden, double.Hypot(line.At(point.X), line.Gain * point.MeanError / Above)))]) with
            {
                Least = hidden,
            };
        VarianceLine best = Fit(points, ByLine);

        // Levels that are known to some ten per cent leave room for a fit that explains the dark ones alone: the one
        // that explains most is looked for.
        double cost = best.Cost(points);
        for (int i = 0; i < points.Count; i++)
        {
            for (int j = i + 1; j < points.Count; j += 1 + (points.Count / 16))
            {
                if (points[j].X > points[i].X && points[j].Variance > points[i].Variance)
                {
                    double gain = (points[j].Variance - points[i].Variance) / (points[j].X - points[i].X);
                    var start = new VarianceLine(gain, points[i].Variance - (gain * points[i].X)) { Least = hidden };
                    VarianceLine other = Fit(points, ByLine, start, RoundsFromStart);
                    double otherCost = other.Cost(points);
                    (best, cost) = otherCost < cost ? (other, otherCost) : (best, cost);
                }
            }
        }

        return best;
    }

    /// <summary>The same without read noise: photons alone.</summary>
    /// <param name="points">What was measured.</param>
    /// <param name="origin">The brightness without light.</param>
    public static VarianceLine ThroughOrigin(IReadOnlyList<NoisePoint> points, double origin) =>
        Fit(points, (all, trust, _) => WeightedFromOrigin(all, trust, origin));

    private static VarianceLine Fit(
        IReadOnlyList<NoisePoint> points,
        Func<IReadOnlyList<NoisePoint>, double[], VarianceLine, VarianceLine> weighted,
        VarianceLine? start = null,
        int rounds = Rounds)
    {
        double[] trust = [.. points.Select(point => start?.Trust(point) ?? 1)];
        VarianceLine line = start ?? new VarianceLine(0, points.Count == 0 ? 0 : points[points.Count / 2].Variance);
        for (int round = 0; round < rounds; round++)
        {
            line = weighted(points, trust, line);
            for (int i = 0; i < trust.Length; i++)
            {
                trust[i] = line.Trust(points[i]);
            }
        }

        return line;
    }

    private double Trust(NoisePoint point) => 1 / (1 + Squared(point));

    /// <summary>The squared distance of a point in standard deviations.</summary>
    private double Squared(NoisePoint point)
    {
        double off = (point.Variance / At(point.X)) - 1, scale = off > 0 ? Above : Below;
        return off * off / ((scale * scale) + ErrorAt(point));
    }

    /// <summary>
    /// The squared error of a point by chance, in units of the line there: that of its variance, and that of its
    /// brightness.
    /// </summary>
    private double ErrorAt(NoisePoint point)
    {
        double shifted = Gain * point.MeanError / At(point.X);
        return (point.Error * point.Error) + (shifted * shifted);
    }

    private double Cost(IReadOnlyList<NoisePoint> points) =>
        points.Sum(point => Math.Min(point.Weight, MaxWeight) * Numerics.Elementary.Log(1 + Squared(point)));

    /// <summary>One level for all: the weighted 40th percentile, since structure only adds.</summary>
    public static VarianceLine Level(IReadOnlyList<NoisePoint> points)
    {
        NoisePoint[] sorted = [.. points.OrderBy(static point => point.Variance)];
        double all = sorted.Sum(static point => Math.Min(point.Weight, MaxWeight)), sum = 0;
        foreach ((_, double variance, double weight, _, _) in sorted)
        {
            sum += Math.Min(weight, MaxWeight);
            if (sum >= 0.4 * all)
            {
                return new VarianceLine(0, variance);
            }
        }

        return new VarianceLine(0, 0);
    }

    /// <summary>
    /// Mean squared logarithm of the ratios of points to line, each bounded, beyond the points' own errors.
    /// </summary>
    public double Misfit(IReadOnlyList<NoisePoint> points)
    {
        double sum = 0, all = 0;
        foreach (NoisePoint point in points)
        {
            double ratio = Math.Max(point.Variance, 1e-12) / At(point.X);
            double off = Math.Min(point.Error > 0 ? MaxOfBand : MaxOfPatches, Math.Abs(Numerics.Elementary.Log(ratio)));
            double w = Math.Min(point.Weight, MaxWeight);
            (sum, all) = (sum + (w * Math.Max(0, (off * off) - ErrorAt(point))), all + w);
        }

        return all > 0 ? sum / all : 0;
    }

    private static VarianceLine WeightedFromOrigin(IReadOnlyList<NoisePoint> points, double[] trust, double origin)
    {
        // Ratios v / x, each as sure as its set is large.
        double sum = 0, all = 0;
        for (int i = 0; i < trust.Length; i++)
        {
            (double x, double v, double weight, _, _) = points[i];
            if (x > origin)
            {
                double w = trust[i] * Math.Min(weight, MaxWeight);
                (sum, all) = (sum + (w * v / (x - origin)), all + w);
            }
        }

        double gain = all > 0 ? sum / all : 0;
        return new VarianceLine(gain, -gain * origin);
    }

    /// <summary>The line of least squares, each point in units of its <paramref name="variances"/>.</summary>
    private static VarianceLine Weighted(IReadOnlyList<NoisePoint> points, double[] trust, double[] variances)
    {
        double w = 0, wx = 0, wv = 0;
        double[] weights = new double[points.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            (double x, double v, double weight, _, _) = points[i];
            weights[i] = trust[i] * Math.Min(weight, MaxWeight) / (variances[i] * variances[i]);
            (w, wx, wv) = (w + weights[i], wx + (weights[i] * x), wv + (weights[i] * v));
        }

        (double meanX, double meanV) = (wx / w, wv / w);
        double xx = 0, xv = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            (double x, double v, _, _, _) = points[i];
            xx += weights[i] * (x - meanX) * (x - meanX);
            xv += weights[i] * (x - meanX) * (v - meanV);
        }

        double gain = xx > 0 ? Math.Max(0, xv / xx) : 0;
        double read = meanV - (gain * meanX);
        return new VarianceLine(gain, read);
    }
}
