using Klar.Imaging;

namespace Klar.Noise;

/// <summary>The autocorrelation of the noise at lags up to 4, from the flattest windows.</summary>
internal static class NoiseCorrelation
{
    /// <summary>Largest lag.</summary>
    public const int Reach = 4;

    private const int Window = 16;
    private const int Step = 8;
    private const int Side = (2 * Reach) + 1;
    private const double Flattest = 0.1;
    private const double MostClipped = 0.6;
    private const int FewestWindows = 8;
    private const double MostExcess = 1.35;

    // Correlation of neighbours below this cannot be told from chance and structure.
    private const double LeastLag = 0.08;

    // Below this share the smallest eigenvalues say nothing about the noise.
    private const double Unseen = 0.03;

    // Then the flattest windows must be far noisier than these: structure alone does not make all of a picture so.
    private const double FarAbove = 10;

    /// <summary>
    /// Side × Side values, 1 in the middle; empty where there are too few windows. The flattest windows are those whose variance is least beside that
    /// of the noise at their brightness.
    /// </summary>
    /// <returns>The autocorrelation, and the variance of these windows beside the measured: all of correlated noise is in them.</returns>
    public static (double[] Autocorrelation, double Excess) Of(Image image, IReadOnlyList<LevelSet> sets)
    {
        var windows = new List<(double Ratio, double Variance, Plane Plane, int X, int Y)>();
        foreach (Plane plane in image.Planes)
        {
            for (int y = 0; y + Window <= plane.Height; y += Step)
            {
                for (int x = 0; x + Window <= plane.Width; x += Step)
                {
                    (double mean, double[] residual, double clipped) = Residual(plane, x, y);
                    double variance = residual.Sum(static r => r * r) / residual.Length;
                    if (clipped <= MostClipped && variance > 0)
                    {
                        windows.Add((variance / Math.Max(1e-12, Expected(sets, mean)), variance, plane, x, y));
                    }
                }
            }
        }

        int take = (int)Math.Ceiling(Flattest * windows.Count);
        if (take < FewestWindows)
        {
            return ([], 1);
        }

        windows.Sort(static (a, b) => a.Ratio.CompareTo(b.Ratio));
        double[] sums = new double[Side * Side];
        foreach ((_, double variance, Plane plane, int x, int y) in windows.Take(take))
        {
            // Each window counts alike, whatever its brightness.
            Add(Residual(plane, x, y).Residual, 1 / variance, sums);
        }

        double[] autocorrelation = Normalised(sums, take);
        double ratio = windows.Take(take).Average(static window => window.Ratio);

        // The windows' variance must be what the noise alone explains: elsewhere it is the picture that is correlated.
        double seen = SeenShare(autocorrelation);
        return (seen < Unseen && ratio > FarAbove) || ratio * seen < MostExcess ? (autocorrelation, ratio) : ([], 1);
    }

    /// <summary>
    /// The share of the noise's variance that <see cref="PatchLevel"/> sees, by <see cref="SeenShare"/>; where it sees next to nothing, the flattest windows
    /// say how much there is.
    /// </summary>
    public static double Share(double[] autocorrelation, double excess)
    {
        double seen = SeenShare(autocorrelation);
        return seen < Unseen ? 1 / Math.Max(1, excess) : seen;
    }

    /// <summary>
    /// The share of correlated noise that <see cref="PatchLevel"/> sees: its rule on the eigenvalues of patches of such noise alone. 1 for white noise.
    /// </summary>
    public static double SeenShare(double[] autocorrelation)
    {
        if (autocorrelation.Length == 0 || Lag(autocorrelation) < LeastLag)
        {
            return 1;
        }

        const int Length = PatchLevel.Length, Patch = PatchLevel.Side;
        double[] covariance = new double[Length * Length];
        for (int i = 0; i < covariance.Length; i++)
        {
            (int p, int q) = (i / Length, i % Length);
            (int dx, int dy) = ((q % Patch) - (p % Patch), (q / Patch) - (p / Patch));
            if (Math.Abs(dx) <= Reach && Math.Abs(dy) <= Reach)
            {
                covariance[i] = autocorrelation[((dy + Reach) * Side) + dx + Reach];
            }
        }

        return Math.Clamp(PatchLevel.OfEigenvalues(Numerics.SymmetricEigenvalues.Of(covariance, Length)), 0.02, 1);
    }

    private static double Lag(double[] autocorrelation) =>
        0.5 * (autocorrelation[(Reach * Side) + Reach + 1] + autocorrelation[((Reach + 1) * Side) + Reach]);

    /// <summary>The variance at a brightness, from set to set a line.</summary>
    private static double Expected(IReadOnlyList<LevelSet> sets, double mean)
    {
        for (int i = 1; i < sets.Count; i++)
        {
            if (mean < sets[i].Mean)
            {
                double at = Math.Clamp((mean - sets[i - 1].Mean) / (sets[i].Mean - sets[i - 1].Mean), 0, 1);
                return sets[i - 1].Variance + (at * (sets[i].Variance - sets[i - 1].Variance));
            }
        }

        return sets[^1].Variance;
    }

    /// <summary>A window less the plane that fits it best, and its share of clipped samples.</summary>
    private static (double Mean, double[] Residual, double Clipped) Residual(Plane plane, int left, int top)
    {
        double[] residual = new double[Window * Window];
        double sum = 0, sumX = 0, sumY = 0, clipped = 0;
        const double Middle = (Window - 1) / 2.0, Norm = Window * Window * ((Window * Window) - 1) / 12.0;
        for (int i = 0; i < residual.Length; i++)
        {
            float sample = plane.Row(top + (i / Window))[left + (i % Window)];
            residual[i] = sample;
            sum += sample;
            sumX += sample * ((i % Window) - Middle);
            sumY += sample * ((i / Window) - Middle);
            clipped += sample is <= 0 or >= 1 ? 1 : 0;
        }

        for (int i = 0; i < residual.Length; i++)
        {
            residual[i] -= (sum / residual.Length) + (sumX / Norm * ((i % Window) - Middle)) + (sumY / Norm * ((i / Window) - Middle));
        }

        return (sum / residual.Length, residual, clipped / residual.Length);
    }

    private static void Add(double[] residual, double weight, double[] sums)
    {
        for (int dy = 0; dy <= Reach; dy++)
        {
            for (int dx = -Reach; dx <= Reach; dx++)
            {
                double sum = 0;
                int pairs = 0;
                for (int y = 0; y + dy < Window; y++)
                {
                    for (int x = Math.Max(0, -dx); x < Window - Math.Max(0, dx); x++)
                    {
                        sum += residual[(y * Window) + x] * residual[((y + dy) * Window) + x + dx];
                        pairs++;
                    }
                }

                sums[((dy + Reach) * Side) + dx + Reach] += weight * sum / pairs;
            }
        }
    }

    /// <summary>
    /// The plane takes off three of the window's 256 degrees of freedom, where correlated noise is strongest: each covariance is too small by
    /// about 3/256 of the sum of all.
    /// </summary>
    private static double[] Normalised(double[] sums, int windows)
    {
        double[] covariance = new double[Side * Side];
        double all = 0;
        for (int dy = -Reach; dy <= Reach; dy++)
        {
            for (int dx = -Reach; dx <= Reach; dx++)
            {
                (int y, int x) = dy > 0 || (dy == 0 && dx >= 0) ? (dy, dx) : (-dy, -dx);
                double value = sums[((y + Reach) * Side) + x + Reach] / windows;
                covariance[((dy + Reach) * Side) + dx + Reach] = value;
                all += value;
            }
        }

        double missing = 3.0 / (Window * Window) * Math.Max(1, all);
        double middle = covariance[covariance.Length / 2] + missing;
        return [.. covariance.Select(value => (value + missing) / middle)];
    }
}
