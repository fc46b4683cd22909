using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Tells noise that went through JPEG compression from texture.</summary>
/// <remarks>
/// White noise has one variance in all frequencies, and what rounding to multiples of a step leaves of it follows from
/// its σ and the step. The steps show in the file: all coefficients of a frequency are multiples of its own. So the
/// lowest frequencies, where steps are small, predict what the middle ones hold if it is noise that they hold. Texture
/// falls off with frequency by itself, and much faster.
/// </remarks>
internal static class JpegWhiteness
{
    private const int Side = BlockCosine.Side;

    // Frequencies whose indices add up to no more than the first predict those beyond it, up to the second.
    private const int Lowest = 2;
    private const int Middle = 4;

    // More blocks say nothing new of the steps.
    private const int MaxBlocks = 1024;

    // Coefficients below the first, in grey levels, may be 0 but for rounding to 8 bits, which moves most by less than
    // the second; with fewer than so many others the step is not known.
    private const double NextToZero = 1.5;
    private const double MaxRounding = 1.2;
    private const int MinCoefficients = 8;

    // This share of the coefficients must be multiples of the step; smaller steps cannot be told from none.
    private const double MinMultiples = 0.95;
    private const int MinStep = 4;
    private const int MaxStep = 100;

    /// <summary>
    /// What the middle frequencies hold, relative to what they would hold of white noise: about 1 for noise, and less
    /// than a half for texture. 1 where no step is known.
    /// </summary>
    /// <param name="blocks">Blocks of the picture.</param>
    /// <param name="spectrum">The mean square of each coefficient in flat blocks.</param>
    /// <param name="range">Grey levels from black to white.</param>
    public static double Of(List<JpegBlock> blocks, double[] spectrum, double range)
    {
        int every = 1 + (blocks.Count / MaxBlocks);
        double[][] squares =
            [.. blocks.Where((_, i) => i % every == 0).Select(static block => block.SquaredCoefficients())];
        double sigma = range * Math.Sqrt(Before(spectrum));
        double seen = 0, expected = 0;
        foreach (int k in Enumerable.Range(1, spectrum.Length - 1)
            .Where(static k => Order(k) is > Lowest and <= Middle))
        {
            double[] others =
                [.. squares.Select(block => range * Math.Sqrt(block[k])).Where(static c => c > NextToZero)];
            if (others.Length >= MinCoefficients)
            {
                seen += range * range * spectrum[k];
                expected += Rounded(sigma, Step(others));
            }
        }

        return expected > 0 ? seen / expected : 1;
    }

    /// <summary>The variance of the noise before compression, which left the lowest frequencies as they were.</summary>
    public static double Before(double[] spectrum) => Enumerable.Range(1, spectrum.Length - 1)
        .Where(static k => Order(k) <= Lowest).Average(k => spectrum[k]);

    private static int Order(int k) => (k % Side) + (k / Side);

    /// <summary>The largest whole number of which almost all coefficients are multiples; 0 where none is.</summary>
    private static int Step(double[] coefficients)
    {
        for (int step = MaxStep; step >= MinStep; step--)
        {
            int multiples = coefficients.Count(c => Math.Abs(c - (step * Math.Round(c / step))) < MaxRounding);
            if (multiples >= MinMultiples * coefficients.Length)
            {
                return step;
            }
        }

        return 0;
    }

    /// <summary>The variance of normal noise that is rounded to multiples of a step; 0 for no step.</summary>
    private static double Rounded(double sigma, int step)
    {
        if (step == 0)
        {
            return sigma * sigma;
        }

        double variance = 0;
        for (int n = 1; (n - 1) * step < 5 * sigma; n++)
        {
            double value = (double)n * step;
            double share = 2 * (Normal.Distribution((n + 0.5) * step / sigma)
                - Normal.Distribution((n - 0.5) * step / sigma));
            variance += value * value * share;
        }

        return variance;
    }
}
