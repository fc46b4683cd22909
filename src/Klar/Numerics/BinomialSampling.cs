namespace Klar.Numerics;

/// <summary>
/// Binomial numbers by inversion with a sequential search (Devroye, «Non-Uniform Random Variate Generation», 1986,
/// X.4.2); beyond
/// <see cref="MaxCounted"/> trials the normal limit, rounded.
/// </summary>
internal static class BinomialSampling
{
    internal const int MaxCounted = 1024;

    /// <summary>How many of <paramref name="trials"/> come true with this probability, up to a half.</summary>
    public static long Draw(CounterRandom random, long trials, double probability, ulong index, uint draw)
    {
        double u = random.Uniform(index, draw);
        if (trials > MaxCounted)
        {
            double deviation = Math.Sqrt(trials * probability * (1 - probability));
            return (long)Math.Clamp(
                Math.Floor((trials * probability) + (deviation * NormalQuantile.Of(u)) + 0.5), 0, trials);
        }

        double odds = probability / (1 - probability), share = Elementary.Exp(trials * Elementary.Log(1 - probability));
        long hits = 0;
        while (u > share && hits < trials)
        {
            u -= share;
            share *= odds * (trials - hits) / (hits + 1);
            hits++;
        }

        return hits;
    }
}
