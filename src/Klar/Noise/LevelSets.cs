using System.Collections;
using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>Cuts the patches of an image into sets of like brightness and measures the noise of each.</summary>
internal static class LevelSets
{
    private const int MaxPatches = 60_000;
    private const int MaxSets = 16;
    private const int MinPatches = 400;

    /// <summary>
    /// The sets, darkest first; empty where the image is too small. Samples count as black or white only where the
    /// image may have been clipped there; patches with a masked sample are left out.
    /// </summary>
    public static List<LevelSet> Of(Image image, IReadOnlyList<Mask?> masks, bool black, bool white)
    {
        (float[] patches, float[] means, int[] places) = Patches(image, masks);
        int count = means.Length;
        if (count < MinPatches / 4)
        {
            return [];
        }

        // Bins of equal width in the root of the brightness, for dark pictures with few bright places; merged until
        // they are large enough.
        float[] sorted = [.. means.Order()];
        double darkest = sorted[count / 500], brightest = sorted[count - 1 - (count / 500)];
        double range = Math.Sqrt(Math.Max(0, brightest - darkest));
        var bins = new List<int>[MaxSets];
        for (int b = 0; b < MaxSets; b++)
        {
            bins[b] = [];
        }

        for (int i = 0; i < count; i++)
        {
            double root = Math.Sqrt(Math.Max(0, means[i] - darkest));
            bins[range > 0 ? (int)Math.Min(MaxSets - 1, MaxSets * root / range) : 0].Add(i);
        }

        var seen = new BitArray(image.Planes.Count * image.Width * image.Height);
        (float cutBelow, float cutAbove) = (black ? 0 : float.NegativeInfinity, white ? 1 : float.PositiveInfinity);
        var sets = new List<LevelSet>();
        var waiting = new List<int>();
        for (int b = 0; b < MaxSets; b++)
        {
            waiting.AddRange(bins[b]);
            bool last = b == MaxSets - 1;
            if (waiting.Count >= MinPatches
                || (last && waiting.Count >= MinPatches / 4)
                || (last && sets.Count == 0 && waiting.Count > 0))
            {
                sets.Add(Measure(patches, waiting, cutBelow, cutAbove) with
                {
                    Means = (waiting.Min(i => means[i]), waiting.Max(i => means[i])),
                    Pixels = Covered(seen, places, waiting, image.Width),
                });
                waiting.Clear();
            }
        }

        return sets;
    }

    /// <summary>How many pixels lie in patches of the set, without those of sets before.</summary>
    private static int Covered(BitArray seen, int[] places, List<int> members, int width)
    {
        int count = 0;
        foreach (int member in members)
        {
            for (int k = 0; k < PatchLevel.Length; k++)
            {
                int at = places[member] + (k / PatchLevel.Side * width) + (k % PatchLevel.Side);
                count += seen[at] ? 0 : 1;
                seen[at] = true;
            }
        }

        return count;
    }

    /// <summary>
    /// Patches on a grid so coarse that there are not too many, all channels, their means, and where they begin.
    /// </summary>
    private static (float[] Patches, float[] Means, int[] Places) Patches(Image image, IReadOnlyList<Mask?> masks)
    {
        const int Side = PatchLevel.Side, Length = PatchLevel.Length;
        if (image.Width < Side || image.Height < Side)
        {
            return ([], [], []);
        }

        double positions = (double)(image.Width - Side + 1) * (image.Height - Side + 1) * image.Planes.Count;
        int step = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(positions / MaxPatches)));
        int across = ((image.Width - Side) / step) + 1, down = ((image.Height - Side) / step) + 1;
        int all = across * down * image.Planes.Count, count = 0;
        float[] patches = new float[all * Length], means = new float[all];
        int[] places = new int[all];
        for (int i = 0; i < all; i++)
        {
            int c = i / (across * down), at = i % (across * down);
            (int left, int top) = (at % across * step, at / across * step);
            Plane plane = image.Planes[c];
            if (masks[c]?.Touches(left, top, Side) == true)
            {
                continue;
            }

            int place = (top * plane.Width) + left;
            Span<float> patch = patches.AsSpan(count * Length, Length);
            PatchRows.Gather(plane.Samples[place..], plane.Width, Side, patch);
            double sum = 0;
            foreach (float sample in patch)
            {
                sum += sample;
            }

            places[count] = (c * plane.Samples.Length) + place;
            means[count++] = (float)(sum / Length);
        }

        return (patches, means[..count], places);
    }

    private static LevelSet Measure(float[] patches, List<int> members, float darkest, float brightest)
    {
        const int Length = PatchLevel.Length;
        float[] chosen = new float[members.Count * Length];
        double sum = 0, positive = 0, positiveSquares = 0;
        long black = 0, white = 0, positives = 0;
        for (int i = 0; i < members.Count; i++)
        {
            ReadOnlySpan<float> patch = patches.AsSpan(members[i] * Length, Length);
            patch.CopyTo(chosen.AsSpan(i * Length));
            foreach (float sample in patch)
            {
                sum += sample;
                black += sample <= darkest ? 1 : 0;
                white += sample >= brightest ? 1 : 0;
                if (sample > 0)
                {
                    positives++;
                    positive += sample;
                    positiveSquares += (double)sample * sample;
                }
            }
        }

        double samples = chosen.Length;
        double mean = sum / samples;
        (double variance, double whiteness) = PatchLevel.Of(chosen, members.Count, (float)mean);
        double positiveMean = positives > 0 ? positive / positives : 0;
        double ratio = positiveMean > 0 ? positiveSquares / positives / (positiveMean * positiveMean) : 0;
        return new LevelSet(
            mean, variance, whiteness, members.Count, black / samples, white / samples, Kurtosis(chosen, variance),
            ratio, positiveMean);
    }

    /// <summary>Over the patches whose variance is hardly above the noise's: their structure does not count.</summary>
    private static double Kurtosis(ReadOnlySpan<float> patches, double noise)
    {
        const int Length = PatchLevel.Length;
        double second = 0, fourth = 0;
        long count = 0;
        for (int first = 0; first < patches.Length; first += Length)
        {
            ReadOnlySpan<float> patch = patches.Slice(first, Length);
            double mean = 0, squares = 0, quarts = 0;
            foreach (float sample in patch)
            {
                mean += sample / (double)Length;
            }

            foreach (float sample in patch)
            {
                double square = (sample - mean) * (sample - mean);
                squares += square;
                quarts += square * square;
            }

            if (squares / Length < 1.3 * noise)
            {
                (second, fourth, count) = (second + squares, fourth + quarts, count + Length);
            }
        }

        return count == 0 || second == 0 ? 3 : fourth / count / (second / count * (second / count));
    }
}
