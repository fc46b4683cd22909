namespace Klar.Noise;

/// <summary>The variance of noise as a function of brightness, gain · x + read, fitted to level sets.</summary>
/// <param name="Gain">a, not negative.</param>
/// <param name="Read">b; below 0 where the camera adds an offset to the photons.</param>
internal sealed record VarianceLine(double Gain, double Read)
{
    // Sets above the line are held for structure sooner than sets below it, which structure cannot make.
    private const double Above = 0.06;
    private const double Below = 0.15;
    private const double MostWeight = 4000;
    private const int Rounds = 30;

    /// <summary>The variance at brightness x.</summary>
    public double At(double x) => Math.Max(1e-12, (Gain * x) + Read);

    /// <summary>A robust weighted fit to points (brightness, variance, weight).</summary>
    public static VarianceLine Through(IReadOnlyList<(double X, double Variance, double Weight)> points) => Fit(points, Weighted);

    /// <summary>The same without read noise: photons alone.</summary>
    public static VarianceLine ThroughOrigin(IReadOnlyList<(double X, double Variance, double Weight)> points) => Fit(points, WeightedFromOrigin);

    private static VarianceLine Fit(
        IReadOnlyList<(double X, double Variance, double Weight)> points, Func<IReadOnlyList<(double X, double Variance, double Weight)>, double[], VarianceLine> weighted)
    {
        double[] trust = [.. Enumerable.Repeat(1.0, points.Count)];
        var line = new VarianceLine(0, points.Count == 0 ? 0 : points[0].Variance);
        for (int round = 0; round < Rounds; round++)
        {
            line = weighted(points, trust);
            for (int i = 0; i < trust.Length; i++)
            {
                double off = (points[i].Variance / line.At(points[i].X)) - 1;
                double scaled = off > 0 ? off / Above : off / Below;
                trust[i] = 1 / (1 + (scaled * scaled));
            }
        }

        return line;
    }

    /// <summary>One level for all: the weighted 40th percentile, since structure only adds.</summary>
    public static VarianceLine Level(IReadOnlyList<(double X, double Variance, double Weight)> points)
    {
        (double X, double Variance, double Weight)[] sorted = [.. points.OrderBy(static point => point.Variance)];
        double all = sorted.Sum(static point => Math.Min(point.Weight, MostWeight)), sum = 0;
        foreach ((_, double variance, double weight) in sorted)
        {
            sum += Math.Min(weight, MostWeight);
            if (sum >= 0.4 * all)
            {
                return new VarianceLine(0, variance);
            }
        }

        return new VarianceLine(0, 0);
    }

    /// <summary>Mean squared logarithm of the ratios of points to line, each bounded.</summary>
    public double Misfit(IReadOnlyList<(double X, double Variance, double Weight)> points)
    {
        double sum = 0, all = 0;
        foreach ((double x, double variance, double weight) in points)
        {
            double off = Math.Min(0.5, Math.Abs(Numerics.Elementary.Log(Math.Max(variance, 1e-12) / At(x))));
            double w = Math.Min(weight, MostWeight);
            (sum, all) = (sum + (w * off * off), all + w);
        }

        return all > 0 ? sum / all : 0;
    }

    private static VarianceLine WeightedFromOrigin(IReadOnlyList<(double X, double Variance, double Weight)> points, double[] trust)
    {
        // Ratios v / x, each as sure as its set is large.
        double sum = 0, all = 0;
        for (int i = 0; i < trust.Length; i++)
        {
            (double x, double v, double weight) = points[i];
            if (x > 0)
            {
                double w = trust[i] * Math.Min(weight, MostWeight);
                (sum, all) = (sum + (w * v / x), all + w);
            }
        }

        return new VarianceLine(all > 0 ? sum / all : 0, 0);
    }

    private static VarianceLine Weighted(IReadOnlyList<(double X, double Variance, double Weight)> points, double[] trust)
    {
        double w = 0, wx = 0, wv = 0;
        double[] weights = new double[points.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            (double x, double v, double weight) = points[i];
            weights[i] = trust[i] * Math.Min(weight, MostWeight) / (Math.Max(v, 1e-12) * Math.Max(v, 1e-12));
            (w, wx, wv) = (w + weights[i], wx + (weights[i] * x), wv + (weights[i] * v));
        }

        (double meanX, double meanV) = (wx / w, wv / w);
        double xx = 0, xv = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            (double x, double v, _) = points[i];
            xx += weights[i] * (x - meanX) * (x - meanX);
            xv += weights[i] * (x - meanX) * (v - meanV);
        }

        double gain = xx > 0 ? Math.Max(0, xv / xx) : 0;
        double read = meanV - (gain * meanX);
        return new VarianceLine(gain, read);
    }
}
