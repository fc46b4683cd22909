namespace Klar.Stacks;

/// <summary>
/// Brings a page to the brightness of another, which bleaching and flicker change: the mean difference is measured over
/// brightness and taken off.
/// </summary>
internal static class LevelMatch
{
    private const int Bins = 16;

    // In units of the noise. What is left of the noise in a result must not move a sample from bin to bin: the bins
    // would give it back.
    private const float MinWidth = 2;

    // Fewer samples say little of a brightness; it takes the difference of its neighbours.
    private const int MinSamples = 256;

    // A sample that differs by more, in units of the noise, moved, and says no more than that. So no level changes by
    // more either: slices fade into each other by more than pages bleach, and must not be taken for the same.
    private const float MaxDifference = 4;

    /// <summary>Fills <paramref name="matched"/> with <paramref name="page"/> at the brightness of another.</summary>
    /// <param name="page">The page.</param>
    /// <param name="reference">The other.</param>
    /// <param name="smoothPage">Both smoothed; their mean says how bright a place is.</param>
    /// <param name="smoothReference">The other, smoothed.</param>
    /// <param name="sigma">σ of a page's noise.</param>
    /// <param name="matched">To be filled.</param>
    public static void Run(
        ReadOnlySpan<float> page, ReadOnlySpan<float> reference, ReadOnlySpan<float> smoothPage,
        ReadOnlySpan<float> smoothReference, float sigma, Span<float> matched)
    {
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int i = 0; i < page.Length; i++)
        {
            float brightness = 0.5f * (smoothPage[i] + smoothReference[i]);
            matched[i] = brightness;
            (low, high) = (Math.Min(low, brightness), Math.Max(high, brightness));
        }

        float perBin = Math.Min((Bins - 0.001f) / Math.Max(float.Epsilon, high - low), 1 / (MinWidth * sigma));
        float[] offsets = Measured(page, reference, matched, low, perBin, MaxDifference * sigma);
        for (int i = 0; i < page.Length; i++)
        {
            // From the middle of a bin to that of the next, a line.
            float at = Math.Clamp(((matched[i] - low) * perBin) - 0.5f, 0, Bins - 1);
            int bin = Math.Min((int)at, Bins - 2);
            float offset = offsets[bin] + ((at - bin) * (offsets[bin + 1] - offsets[bin]));
            matched[i] = page[i] - offset;
        }
    }

    /// <summary>
    /// Takes the mean difference to another page off, of samples that differ by no more than noise does.
    /// </summary>
    public static void MatchMean(Span<float> page, ReadOnlySpan<float> reference, float sigma)
    {
        double sum = 0;
        for (int i = 0; i < page.Length; i++)
        {
            sum += Math.Clamp(page[i] - reference[i], -MaxDifference * sigma, MaxDifference * sigma);
        }

        float offset = (float)(sum / page.Length);
        for (int i = 0; i < page.Length; i++)
        {
            page[i] -= offset;
        }
    }

    /// <summary>The mean difference in each bin of brightness.</summary>
    private static float[] Measured(
        ReadOnlySpan<float> page, ReadOnlySpan<float> reference, ReadOnlySpan<float> brightness, float low,
        float perBin, float limit)
    {
        double[] sums = new double[Bins];
        int[] counts = new int[Bins];
        for (int i = 0; i < page.Length; i++)
        {
            int bin = (int)((brightness[i] - low) * perBin);
            sums[bin] += Math.Clamp(page[i] - reference[i], -limit, limit);
            counts[bin]++;
        }

        return Offsets(sums, counts);
    }

    private static float[] Offsets(double[] sums, int[] counts)
    {
        int[] known = [.. Enumerable.Range(0, Bins).Where(bin => counts[bin] >= MinSamples)];
        if (known.Length == 0)
        {
            return new float[Bins];
        }

        float[] offsets = new float[Bins];
        for (int bin = 0; bin < Bins; bin++)
        {
            int below = known.LastOrDefault(one => one <= bin, known[0]);
            int above = known.FirstOrDefault(one => one >= bin, known[^1]);
            double left = sums[below] / counts[below], right = sums[above] / counts[above];
            double share = above == below ? 0 : Math.Clamp((double)(bin - below) / (above - below), 0, 1);
            offsets[bin] = (float)(left + (share * (right - left)));
        }

        return offsets;
    }
}
