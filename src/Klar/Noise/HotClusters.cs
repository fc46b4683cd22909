namespace Klar.Noise;

/// <summary>
/// Camera pixels that are stuck side by side: two, three or four within a square of 2 × 2. They stand out from the ring
/// of twelve samples around the square, and the ring is even: optics would have spread their light on it.
/// </summary>
internal static class HotClusters
{
    private const int Ring = 12;

    // A member must leave the ring's second most extreme sample behind by this many σ of the noise, and by this many
    // times the ring's own range, without its two extremes. A Gaussian point of light of 0.8 pixels, wherever it lies
    // between pixels, exceeds its ring's range by no more than 6 times.
    private const double Sigmas = 8;
    private const double Ranges = 10;

    // Samples within a square that count as stuck; single ones are found by their own neighbours.
    private const int MinMembers = 2;

    /// <summary>
    /// The samples of clusters that stand out from noise that is the same everywhere, in their order.
    /// </summary>
    /// <param name="plane">The picture.</param>
    /// <param name="sigma">σ of the noise, in sample units; 0 where there is none.</param>
    public static IReadOnlyList<int> Candidates(Plane plane, double sigma)
    {
        var found = new SortedSet<int>();
        for (int y = 1; y + 2 < plane.Height; y++)
        {
            ReadOnlySpan<float> above = plane.Row(y - 1), first = plane.Row(y);
            ReadOnlySpan<float> second = plane.Row(y + 1), below = plane.Row(y + 2);
            for (int x = 1; x + 2 < plane.Width; x++)
            {
                // Of any two of the ring one is no more than its second most extreme: most squares are done with here.
                float greatest = Math.Max(Math.Max(first[x], first[x + 1]), Math.Max(second[x], second[x + 1]));
                if (greatest - Math.Min(above[x], below[x + 1]) > Sigmas * sigma
                    && greatest - Math.Min(first[x - 1], second[x + 2]) > Sigmas * sigma)
                {
                    Add(plane, x, y, sample => sample, sigma, found);
                }
            }
        }

        return [.. found];
    }

    /// <summary>Those of the candidates that form a cluster in units in which noise has σ = 1.</summary>
    /// <param name="plane">The picture.</param>
    /// <param name="candidates">Where clusters may be.</param>
    /// <param name="stable">A rising function of a sample, after which the noise is the same everywhere.</param>
    public static IEnumerable<int> Confirmed(Plane plane, IReadOnlyList<int> candidates, Func<float, double> stable)
    {
        var found = new SortedSet<int>();
        foreach (int candidate in candidates)
        {
            (int column, int row) = (candidate % plane.Width, candidate / plane.Width);
            for (int i = 0; i < 4; i++)
            {
                (int x, int y) = (column - (i % 2), row - (i / 2));
                if (x >= 1 && y >= 1 && x + 2 < plane.Width && y + 2 < plane.Height)
                {
                    Add(plane, x, y, stable, 1, found);
                }
            }
        }

        return found.Intersect(candidates);
    }

    /// <summary>Adds the members of the square from (x, y), if they are a cluster.</summary>
    private static void Add(Plane plane, int x, int y, Func<float, double> stable, double sigma, SortedSet<int> found)
    {
        Span<float> ring = stackalloc float[Ring];
        plane.Row(y - 1).Slice(x - 1, 4).CopyTo(ring);
        plane.Row(y + 2).Slice(x - 1, 4).CopyTo(ring[4..]);
        (ring[8], ring[9]) = (plane.Row(y)[x - 1], plane.Row(y)[x + 2]);
        (ring[10], ring[11]) = (plane.Row(y + 1)[x - 1], plane.Row(y + 1)[x + 2]);
        ring.Sort();
        double high = stable(ring[^2]), beyond = Math.Max(Sigmas * sigma, Ranges * (high - stable(ring[1])));
        int[] members = [.. ((int[])[0, 1, plane.Width, plane.Width + 1])
            .Select(offset => (y * plane.Width) + x + offset).Where(at => stable(plane.Samples[at]) - high > beyond)];
        if (members.Length >= MinMembers)
        {
            found.UnionWith(members);
        }
    }
}
