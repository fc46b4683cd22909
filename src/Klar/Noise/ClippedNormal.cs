using Klar.Numerics;

namespace Klar.Noise;

/// <summary>
/// What clipping to 0..1 does to normal noise: mean and variance of clip(x + n), n ~ N(0, σ²), and the way back.
/// </summary>
/// <remarks>
/// Foi, «Clipped noisy images: heteroskedastic modeling and practical denoising», Signal Processing 89(12), 2009.
/// </remarks>
internal static class ClippedNormal
{
    private const int MaxSteps = 80;

    // Of x, and of the mean, between black and white.
    private const double Precision = 1e-13;
    private const double Negligible = 1e-15;

    /// <summary>Mean and variance.</summary>
    public static (double Mean, double Variance) Moments(double x, double sigma, bool black, bool white)
    {
        (double below, double densityBelow, double a) = black ? (
            Normal.Distribution(-x / sigma), Normal.Density(x / sigma), -x / sigma) : (0, 0, 0);
        (double above, double densityAbove, double b) = white ? (
            Normal.Distribution((x - 1) / sigma), Normal.Density((1 - x) / sigma), (1 - x) / sigma) : (0, 0, 0);
        double inside = 1 - below - above;
        double mean = (x * inside) + (sigma * (densityBelow - densityAbove)) + above;
        double square = (((x * x) + (sigma * sigma)) * inside) + (2 * x * sigma * (densityBelow - densityAbove))
            + (sigma * sigma * ((a * densityBelow) - (b * densityAbove))) + above;
        return (mean, Math.Max(square - (mean * mean), 0));
    }

    /// <summary>The share of samples at black.</summary>
    public static double ShareBlack(double x, double sigma) => Normal.Distribution(-x / sigma);

    /// <summary>
    /// The x and σ whose clipped moments are these; null where there are none, as when almost all is clipped.
    /// </summary>
    public static (double X, double Sigma)? Undo(double mean, double variance, bool black, bool white)
    {
        (double x, double sigma) = (mean, Math.Sqrt(variance));
        for (int step = 0; step < MaxSteps; step++)
        {
            (double m, double v) = Moments(x, sigma, black, white);
            if (!(v > 0))
            {
                return null;
            }

            // Damped, since both moments move with both unknowns.
            sigma *= Elementary.Exp(0.4 * Elementary.Log(variance / v));
            x += mean - m;
        }

        (double lastMean, double lastVariance) = Moments(x, sigma, black, white);
        bool found = Math.Abs(lastMean - mean) < 1e-3 && Math.Abs(lastVariance - variance) < 0.02 * variance;
        return found ? (x, sigma) : null;
    }

    /// <summary>x with E[clip(x + n)] = <paramref name="mean"/>, not below black nor above white.</summary>
    /// <remarks>
    /// The mean rises with x. Regula falsi with the weight of an end halved where the other moved twice (Illinois;
    /// Dowell and Jarratt, BIT 11, 1971), and the middle where that is too slow: a dozen steps where halving takes
    /// fifty.
    /// </remarks>
    public static double Invert(double mean, Func<double, double> sigmaOf, bool black, bool white)
    {
        (double low, double high) = (0, 1);
        double below = Excess(low), above = Excess(high);
        if (!(below < 0))
        {
            return low;
        }

        if (!(above > 0))
        {
            return high;
        }

        int lastMoved = 0;
        double width = high - low;
        for (int step = 0; step < MaxSteps && high - low > Precision; step++)
        {
            bool halves = step % 4 == 3 && high - low > width / 4;
            double x = halves ? (low + high) / 2 : high - (above * (high - low) / (above - below));
            width = step % 4 == 3 ? high - low : width;
            double excess = Excess(x);
            if (Math.Abs(excess) < Negligible)
            {
                return x;
            }

            if (excess < 0)
            {
                (low, below) = (x, excess);
                above = lastMoved < 0 ? above / 2 : above;
                lastMoved = -1;
            }
            else
            {
                (high, above) = (x, excess);
                below = lastMoved > 0 ? below / 2 : below;
                lastMoved = 1;
            }
        }

        return (low + high) / 2;

        double Excess(double x) => Moments(x, Math.Max(1e-9, sigmaOf(x)), black, white).Mean - mean;
    }
}
