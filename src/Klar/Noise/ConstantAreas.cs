using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Connected areas of one exact value, which are no picture: the zeros around a mosaic, a round field or a rotated
/// picture, saturated cells, burnt-in bars and text, the labels of a segmentation. Noise leaves no such area, but where
/// hardly a photon comes most samples are 0: then single others lie among them.
/// </summary>
internal static class ConstantAreas
{
    // At the image's least or greatest value, where masks and burnt-in marks are; elsewhere an area must be large to be
    // no chance.
    private const int MinAtEnds = 30;
    private const int MinElsewhere = 1024;

    // Small areas count if hardly more samples than this share of theirs have the value elsewhere: else they are
    // chance, as where few photons come.
    private const double MaxScattered = 0.25;

    // An area of fewer photons than this a pixel is taken for empty.
    private const double MaxHoles = 0.0005;

    // Samples of an area between two looks at whether the caller still wants it.
    private const int CheckEvery = 1 << 16;

    /// <summary>The mask of each plane; null for a plane without such areas.</summary>
    public static IReadOnlyList<Mask?> Of(Image image, CancellationToken cancel = default) =>
        [.. image.Planes.Select(plane => Of(plane, cancel))];

    private static Mask? Of(Plane plane, CancellationToken cancel)
    {
        (int width, int height) = (plane.Width, plane.Height);
        ReadOnlySpan<float> samples = plane.Samples;
        if (width < 3 || height < 3)
        {
            return null;
        }

        bool[]? masked = null;
        bool[]? seen = null;
        var area = new List<int>();
        var small = new List<int>();
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int y = 1; y < height - 1; y++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int x = 1; x < width - 1; x++)
            {
                int at = (y * width) + x;
                if (samples[at] != samples[at + 1]
                    || samples[at] != samples[at + width]
                    || seen?[at] == true
                    || !IsSolid(samples, at, width))
                {
                    continue;
                }

                if (seen is null)
                {
                    seen = new bool[samples.Length];
                    (least, most) = Ends(samples);
                }

                Grow(samples, at, width, height, seen, area, cancel);
                bool atEnd = samples[at] == least || samples[at] == most;
                if (area.Count < (atEnd ? MinAtEnds : MinElsewhere)
                    || Holes(samples, area, width, height) > MaxHoles * area.Count)
                {
                    continue;
                }

                if (area.Count < MinElsewhere)
                {
                    small.AddRange(area);
                    continue;
                }

                masked ??= new bool[samples.Length];
                foreach (int member in area)
                {
                    masked[member] = true;
                }
            }
        }

        foreach (float end in small.Count == 0 ? [] : (float[])[least, most])
        {
            int[] members = [.. small.Where(member => plane.Samples[member] == end)];
            if (members.Length > 0 && CountOf(samples, end, masked) <= (1 + MaxScattered) * members.Length)
            {
                masked ??= new bool[samples.Length];
                foreach (int member in members)
                {
                    masked[member] = true;
                }
            }
        }

        return masked is null ? null : new Mask(width, height, masked);
    }

    private static bool IsSolid(ReadOnlySpan<float> samples, int at, int width)
    {
        float value = samples[at];
        for (int row = at - width; row <= at + width; row += width)
        {
            if (samples[row - 1] != value || samples[row] != value || samples[row + 1] != value)
            {
                return false;
            }
        }

        return true;
    }

    private static (float Least, float Most) Ends(ReadOnlySpan<float> samples)
    {
        (float least, float most) = (samples[0], samples[0]);
        foreach (float sample in samples)
        {
            (least, most) = (Math.Min(least, sample), Math.Max(most, sample));
        }

        return (least, most);
    }

    /// <summary>How many samples have that value, without those that are masked already.</summary>
    private static int CountOf(ReadOnlySpan<float> samples, float value, bool[]? masked)
    {
        int count = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            count += samples[i] == value && masked?[i] != true ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// All samples of the value that are connected with the one at <paramref name="from"/> over sides.
    /// </summary>
    private static void Grow(
        ReadOnlySpan<float> samples, int from, int width, int height, bool[] seen, List<int> area,
        CancellationToken cancel)
    {
        area.Clear();
        area.Add(from);
        seen[from] = true;
        float value = samples[from];
        for (int next = 0; next < area.Count; next++)
        {
            if (next % CheckEvery == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            int at = area[next], x = at % width, y = at / width;
            if (x > 0)
            {
                Visit(samples, at - 1, value, seen, area);
            }

            if (x < width - 1)
            {
                Visit(samples, at + 1, value, seen, area);
            }

            if (y > 0)
            {
                Visit(samples, at - width, value, seen, area);
            }

            if (y < height - 1)
            {
                Visit(samples, at + width, value, seen, area);
            }
        }
    }

    private static void Visit(ReadOnlySpan<float> samples, int at, float value, bool[] seen, List<int> area)
    {
        if (!seen[at] && samples[at] == value)
        {
            seen[at] = true;
            area.Add(at);
        }
    }

    /// <summary>Single other samples among those of the area, as photons are.</summary>
    private static int Holes(ReadOnlySpan<float> samples, List<int> area, int width, int height)
    {
        int holes = 0;
        foreach (int at in area)
        {
            // The sample to the right of a member, if it differs and the three around it do not.
            int x = at % width, y = at / width, hole = at + 1;
            bool isInside = x < width - 2 && y > 0 && y < height - 1;
            if (isInside && samples[hole] != samples[at] && samples[hole + 1] == samples[at]
                && samples[hole - width] == samples[at] && samples[hole + width] == samples[at])
            {
                holes++;
            }
        }

        return holes;
    }
}
