namespace Klar.Numerics;

/// <summary>
/// Exact Poisson numbers. Small means: inversion by sequential search. Others: transformed rejection with squeeze,
/// PTRS (Hörmann, «The transformed rejection method for generating Poisson random variables», Insurance: Mathematics
/// and Economics 12(1), 1993).
/// </summary>
internal static class PoissonSampling
{
    private const double SequentialBelow = 12;

    public static long Draw(CounterRandom random, double mean, ulong index)
    {
        if (!(mean > 0))
        {
            return 0;
        }

        return mean < SequentialBelow ? Sequential(random, mean, index) : Rejection(random, mean, index);
    }

    private static long Sequential(CounterRandom random, double mean, ulong index)
    {
        double u = random.Uniform(index);
        double probability = Elementary.Exp(-mean);
        long k = 0;
        while (u > probability && k < 400)
        {
            u -= probability;
            k++;
            probability *= mean / k;
        }

        return k;
    }

    private static long Rejection(CounterRandom random, double mean, ulong index)
    {
        double logMean = Elementary.Log(mean);
        double b = 0.931 + (2.53 * Math.Sqrt(mean));
        double a = -0.059 + (0.02483 * b);
        double inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        double vr = 0.9277 - (3.6224 / (b - 2));

        for (uint draw = 0; ; draw++)
        {
            (double first, double v) = random.TwoUniforms(index, draw);
            double u = first - 0.5;
            double us = 0.5 - Math.Abs(u);
            double k = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= vr)
            {
                return (long)k;
            }

            if (k < 0 || (us < 0.013 && v > us))
            {
                continue;
            }

            double accepted = Elementary.Log(v * inverseAlpha / ((a / (us * us)) + b));
            if (accepted <= (k * logMean) - mean - Elementary.LogFactorial((long)k))
            {
                return (long)k;
            }
        }
    }
}
