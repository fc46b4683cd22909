using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Camera pixels that are stuck far from what they should show: single samples, or pairs, that stand out from all their
/// neighbours by much more than the noise and the picture's own structure explain.
/// </summary>
public static class HotPixels
{
    // A sample must leave the second most extreme neighbour behind by this many σ of the noise, and by this many times the
    // spread of the neighbours. Normal noise does the first by chance once in 10^7 samples even between equal neighbours.
    private const double Sigmas = 6;
    private const double Spreads = 2;

    /// <summary>The indices of stuck samples, row-major, in their order.</summary>
    public static IReadOnlyList<int> Find(Plane plane)
    {
        ArgumentNullException.ThrowIfNull(plane);
        if (plane.Width < 3 || plane.Height < 3)
        {
            return [];
        }

        float[] middles = new float[plane.Samples.Length];
        float[] deviations = new float[middles.Length];
        Span<float> neighbours = stackalloc float[8];
        for (int i = 0; i < middles.Length; i++)
        {
            Span<float> sorted = Neighbours(plane, i, neighbours);
            middles[i] = Middle(sorted);
            deviations[i] = Math.Abs(plane.Samples[i] - middles[i]);
        }

        Array.Sort(deviations);
        double sigma = deviations[deviations.Length / 2] / 0.6745;
        var found = new List<int>();
        for (int i = 0; i < middles.Length; i++)
        {
            if (Math.Abs(plane.Samples[i] - middles[i]) > Sigmas * sigma && StandsOut(plane.Samples[i], Neighbours(plane, i, neighbours), sigma))
            {
                found.Add(i);
            }
        }

        return found;
    }

    /// <summary>Replaces stuck samples by the median of their neighbours; says how many there were.</summary>
    public static (Image Image, int Count) Repair(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int count = 0;
        var planes = new Plane[image.Planes.Count];
        Span<float> neighbours = stackalloc float[8];
        for (int c = 0; c < planes.Length; c++)
        {
            Plane plane = image.Planes[c];
            IReadOnlyList<int> found = Find(plane);
            count += found.Count;
            float[] repaired = plane.Samples.ToArray();
            foreach (int i in found)
            {
                repaired[i] = Middle(Neighbours(plane, i, neighbours));
            }

            planes[c] = found.Count == 0 ? plane : new Plane(plane.Width, plane.Height, repaired);
        }

        return (image.With(planes), count);
    }

    /// <summary>The second most extreme neighbour counts, so that two stuck samples side by side do not excuse each other.</summary>
    private static bool StandsOut(float sample, ReadOnlySpan<float> sorted, double sigma)
    {
        (float low, float high) = (sorted[1], sorted[^2]);
        double beyond = sample > high ? sample - high : low - sample;
        return beyond > (Sigmas * sigma) && beyond > Spreads * (high - low);
    }

    private static float Middle(ReadOnlySpan<float> sorted) => 0.5f * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);

    /// <summary>The up to eight neighbours inside the plane, sorted.</summary>
    private static Span<float> Neighbours(Plane plane, int index, Span<float> into)
    {
        (int x, int y) = (index % plane.Width, index / plane.Width);
        int count = 0;
        for (int row = Math.Max(0, y - 1); row <= Math.Min(plane.Height - 1, y + 1); row++)
        {
            for (int column = Math.Max(0, x - 1); column <= Math.Min(plane.Width - 1, x + 1); column++)
            {
                if (row != y || column != x)
                {
                    into[count++] = plane.Samples[(row * plane.Width) + column];
                }
            }
        }

        Span<float> sorted = into[..count];
        sorted.Sort();
        return sorted;
    }
}
