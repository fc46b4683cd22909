using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>The autocorrelation of the noise at lags up to 4, from the flattest windows.</summary>
internal static class NoiseCorrelation
{
    /// <summary>Largest lag.</summary>
    public const int Reach = 4;

    private const int Window = 16;
    private const int Step = 8;
    private const int Side = (2 * Reach) + 1;
    private const double Middle = (Window - 1) / 2.0;
    private const double Norm = Window * Window * ((Window * Window) - 1) / 12.0;
    private const double Flattest = 0.1;
    private const double MaxClipped = 0.6;
    private const int MinWindows = 8;
    private const int MaxWindows = 2000; // more say nothing new
    private const int Rounds = 4;
    private static readonly (int X, int Y)[] Offsets =
        [(-Window / Step, 0), (Window / Step, 0), (0, -Window / Step), (0, Window / Step)];

    // Correlation of neighbours below the first cannot be told from chance and structure; beyond the second patches
    // show too little of the noise, and beyond the third it is structure.
    private const double MinLag = 0.08;
    private const double Strong = 0.3;
    private const double MaxLag = 0.86;

    // How far windows of noise alone scatter: so many of the flattest must be left, and their lower tenth must lie
    // within so many standard deviations.
    private const double MinLeft = 0.7;
    private const double Deviations = 2.5;
    private const double MaxDeviations = 2.8;
    private const double Slack = 0.05;

    // Where patches say that the noise is white it is not strongly correlated; if they could see any of it.
    private const double Unseen = 0.05;
    private const double MaxWhiteness = 0.92;

    // Else their variance must be what the patches explain.
    private const double MaxExcess = 1.35;

    // Where the highest band tells the noise, what is so much stronger in flat windows is the picture, blurred by its
    // optics. So is what falls off as smoothly as a blurred picture does, with white noise on top: correlated noise has
    // no share that is white (docs/algorithms/noise.md).
    private const double MaxFactor = 8;
    private const double MinWhiteShare = 0.1;
    private const double MaxWhiteShare = 0.9;
    private const double SmoothFall = 0.35;

    // Where clipping takes more off, the variance of a window is not the noise's.
    private const double MinClipped = 0.02;

    /// <summary>
    /// Side × Side values, 1 in the middle; empty where there are too few flat windows, or where it is the picture
    /// that is correlated.
    /// </summary>
    /// <param name="image">The noisy image.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    /// <param name="line">The noise's variance over brightness, as patches see it.</param>
    /// <param name="whiteness">How white patches see it: <see cref="LevelSet.Whiteness"/>.</param>
    /// <param name="hasBand">Whether the highest band was measured, so that the line is that of white noise at
    /// least.</param>
    /// <param name="isWhiteInBand">Whether <see cref="BandWhiteness"/> shows white noise.</param>
    /// <returns>
    /// The autocorrelation, and the noise's variance relative to <paramref name="line"/>, which patches see only a
    /// part of where noise is correlated.
    /// </returns>
    public static (double[] Autocorrelation, double Factor) Of(
        Image image, IReadOnlyList<Mask?> masks, VarianceLine line, double whiteness, bool hasBand,
        bool isWhiteInBand)
    {
        List<FlatWindow> flat = FlatWindows(image, masks, line);
        int chosen = flat.Count;
        double[] autocorrelation = [];
        bool isNoise = false;
        for (int round = 0; round < Rounds && flat.Count >= MinWindows; round++)
        {
            double[] sums = new double[Side * Side];
            foreach (FlatWindow window in flat)
            {
                // Each window counts alike, whatever its brightness.
                Add(Residual(window.Plane, window.X, window.Y), 1 / window.Variance, sums);
            }

            autocorrelation = Normalised(sums, flat.Count);

            // The variance of so many correlated numbers scatters by so much; windows beyond it hold structure.
            double scatter = Math.Sqrt(2 * autocorrelation.Sum(static r => r * r) / (Window * Window));
            double[] sorted = [.. flat.Select(static window => window.Ratio).Order()];
            double middle = sorted[sorted.Length / 2];
            isNoise = flat.Count >= MinLeft * chosen
                && sorted[sorted.Length / 10] > (1 - (MaxDeviations * scatter) - Slack) * middle;
            flat.RemoveAll(window => window.Ratio > (1 + (Deviations * scatter)) * middle);
        }

        if (flat.Count < MinWindows)
        {
            return ([], 1);
        }

        double lag = Lag(autocorrelation), seen = SeenShare(autocorrelation),
            ratio = flat.Average(static window => window.Ratio);
        bool saysWhite = lag > Strong && seen > Unseen && whiteness > MaxWhiteness;

        // Flat windows of a picture with structure all over hold some of it.
        bool isPicture = (isWhiteInBand && lag < Strong)
            || (hasBand && (lag < MinLag || IsSmooth(autocorrelation, lag, ratio > MaxFactor)));
        if (saysWhite || isPicture)
        {
            return ([], 1);
        }

        if (!isNoise || lag > MaxLag)
        {
            return ratio * seen < MaxExcess && lag <= MaxLag ? (autocorrelation, 1) : ([], 1);
        }

        // Strongly correlated noise hides from patches, and flat windows hold all of it; weakly correlated, they hold
        // what structure there is too.
        double[] whole =
        [
            .. flat.Where(static window => window.Clipped < MinClipped).Select(static window => window.Ratio)
        ];
        double factor = lag > Strong && whole.Length >= MinWindows
            ? whole.Average()
            : Math.Max(1, Math.Min(1 / seen, ratio));
        return (autocorrelation, factor);
    }

    /// <summary>
    /// Windows among whose neighbours variance is least relative to that of the noise at their brightness. By the
    /// neighbours, since windows that were chosen by their own variance would be those whose noise happens to be weak
    /// where it is correlated.
    /// </summary>
    private static List<FlatWindow> FlatWindows(Image image, IReadOnlyList<Mask?> masks, VarianceLine line)
    {
        var flat = new List<(double Around, FlatWindow Window)>();
        for (int c = 0; c < image.Planes.Count; c++)
        {
            Plane plane = image.Planes[c];
            int across = Math.Max(0, ((plane.Width - Window) / Step) + 1),
                down = Math.Max(0, ((plane.Height - Window) / Step) + 1);
            double[] ratios = new double[across * down], variances = new double[across * down],
                clipped = new double[across * down];
            for (int i = 0; i < ratios.Length; i++)
            {
                (double mean, variances[i], clipped[i]) = Moments(plane, i % across * Step, i / across * Step);
                bool isPicture = masks[c]?.Touches(i % across * Step, i / across * Step, Window) != true;
                ratios[i] = isPicture && clipped[i] <= MaxClipped && variances[i] > 0
                    ? variances[i] / line.At(mean)
                    : double.NaN;
            }

            for (int i = 0; i < ratios.Length; i++)
            {
                (int x, int y) = (i % across, i / across);
                double sum = 0;
                int count = 0;
                foreach ((int dx, int dy) in Offsets)
                {
                    if (x + dx >= 0 && x + dx < across && y + dy >= 0 && y + dy < down)
                    {
                        (sum, count) = (sum + ratios[i + (dy * across) + dx], count + 1);
                    }
                }

                if (count > 1 && !double.IsNaN(sum) && !double.IsNaN(ratios[i]))
                {
                    flat.Add((
                        sum / count, new FlatWindow(ratios[i], variances[i], clipped[i], plane, x * Step, y * Step)));
                }
            }
        }

        flat.Sort(static (a, b) => a.Around.CompareTo(b.Around));
        int take = (int)Math.Ceiling(Flattest * flat.Count), step = 1 + (take / MaxWindows);
        return [.. flat.Take(take).Where((_, rank) => rank % step == 0).Select(static entry => entry.Window)];
    }

    private sealed record FlatWindow(double Ratio, double Variance, double Clipped, Plane Plane, int X, int Y);

    /// <summary>
    /// The share of correlated noise that <see cref="PatchLevel"/> sees: its rule on the eigenvalues of patches of
    /// such noise alone. 1 for white noise.
    /// </summary>
    public static double SeenShare(double[] autocorrelation)
    {
        if (autocorrelation.Length == 0 || Lag(autocorrelation) < MinLag)
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

        return Math.Clamp(PatchLevel.OfEigenvalues(SymmetricEigenvalues.Of(covariance, Length)), 0.02, 1);
    }

    /// <summary>
    /// Whether the autocorrelation is that of a picture: a smooth one, r(k) ∝ exp(−b k²) as optics make it, so strong
    /// that the band holds next to none of it, or with a white share of the variance on top, which is what is missing
    /// to 1 at lag 0 when the lags 1 and 2 are continued there.
    /// </summary>
    private static bool IsSmooth(double[] autocorrelation, double lag, bool strong)
    {
        double second =
            0.5 * (autocorrelation[(Reach * Side) + Reach + 2] + autocorrelation[((Reach + 2) * Side) + Reach]);
        if (lag < MinLag || second < SmoothFall * lag)
        {
            return false;
        }

        double white = 1 - Elementary.Exp(((4 * Elementary.Log(lag)) - Elementary.Log(second)) / 3);
        return strong || white is > MinWhiteShare and < MaxWhiteShare;
    }

    private static double Lag(double[] autocorrelation) =>
        0.5 * (autocorrelation[(Reach * Side) + Reach + 1] + autocorrelation[((Reach + 1) * Side) + Reach]);

    /// <summary>
    /// A window's mean, its variance about the plane that fits it best, and its share of clipped samples.
    /// </summary>
    private static (double Mean, double Variance, double Clipped) Moments(Plane plane, int left, int top)
    {
        double sum = 0, squares = 0, slopeX = 0, slopeY = 0;
        int clipped = 0;
        for (int y = 0; y < Window; y++)
        {
            double row = 0;
            ReadOnlySpan<float> samples = plane.Row(top + y).Slice(left, Window);
            for (int x = 0; x < Window; x++)
            {
                float sample = samples[x];
                row += sample;
                squares += (double)sample * sample;
                slopeX += sample * (x - Middle);
                clipped += sample is <= 0 or >= 1 ? 1 : 0;
            }

            sum += row;
            slopeY += row * (y - Middle);
        }

        // Constant and slopes are orthogonal: what they explain is taken off one by one.
        const double Count = Window * Window;
        double rest = squares - (sum * sum / Count) - (slopeX * slopeX / Norm) - (slopeY * slopeY / Norm);
        return (sum / Count, Math.Max(0, rest) / Count, clipped / Count);
    }

    /// <summary>A window less the plane that fits it best.</summary>
    private static double[] Residual(Plane plane, int left, int top)
    {
        double[] residual = new double[Window * Window];
        double sum = 0, sumX = 0, sumY = 0;
        for (int i = 0; i < residual.Length; i++)
        {
            float sample = plane.Row(top + (i / Window))[left + (i % Window)];
            residual[i] = sample;
            sum += sample;
            sumX += sample * ((i % Window) - Middle);
            sumY += sample * ((i / Window) - Middle);
        }

        for (int i = 0; i < residual.Length; i++)
        {
            residual[i] -= (sum / residual.Length)
                + (sumX / Norm * ((i % Window) - Middle))
                + (sumY / Norm * ((i / Window) - Middle));
        }

        return residual;
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
    /// The plane takes off three of the window's 256 degrees of freedom, where correlated noise is strongest: each
    /// covariance is too small by about 3/256 of the sum of all.
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
