namespace Klar.Filters;

/// <summary>
/// The median by a histogram that slides along a row (Huang, Yang, Tang 1979), over ranks instead of values, so that
/// any float will do: the samples that a band sees are sorted once, and equal samples share a rank. O(k) a pixel.
/// </summary>
internal static class RankMedian
{
    private const int CoarseShift = 6;

    public static void Band(Plane plane, int radius, Span<float> result, int from, int to)
    {
        int width = plane.Width;
        int paddedWidth = width + (2 * radius);
        int rows = to - from + (2 * radius);
        int[] ranks = Ranks(plane, radius, from, rows, out float[] values);

        int[] fine = new int[values.Length];
        int[] coarse = new int[(values.Length >> CoarseShift) + 1];
        int size = (2 * radius) + 1;
        int half = size * size / 2;
        for (int y = from; y < to; y++)
        {
            fine.AsSpan().Clear();
            coarse.AsSpan().Clear();
            int top = (y - from) * paddedWidth;
            for (int x = 0; x < size - 1; x++)
            {
                Column(ranks, top + x, paddedWidth, size, fine, coarse, +1);
            }

            for (int x = 0; x < width; x++)
            {
                Column(ranks, top + x + size - 1, paddedWidth, size, fine, coarse, +1);
                result[(y * width) + x] = values[RankAbove(half, fine, coarse)];
                Column(ranks, top + x, paddedWidth, size, fine, coarse, -1);
            }
        }
    }

    private static void Column(int[] ranks, int at, int stride, int size, int[] fine, int[] coarse, int sign)
    {
        for (int i = 0; i < size; i++, at += stride)
        {
            int rank = ranks[at];
            fine[rank] += sign;
            coarse[rank >> CoarseShift] += sign;
        }
    }

    /// <summary>
    /// The rank that has at most <paramref name="below"/> entries below it and more up to and with it.
    /// </summary>
    private static int RankAbove(int below, int[] fine, int[] coarse)
    {
        int seen = 0;
        int c = 0;
        while (seen + coarse[c] <= below)
        {
            seen += coarse[c++];
        }

        int rank = c << CoarseShift;
        while (seen + fine[rank] <= below)
        {
            seen += fine[rank++];
        }

        return rank;
    }

    private static int[] Ranks(Plane plane, int radius, int from, int rows, out float[] values)
    {
        int paddedWidth = plane.Width + (2 * radius);
        float[] seen = new float[rows * paddedWidth];
        for (int row = 0; row < rows; row++)
        {
            PaddedRow.Load(
                plane, from - radius + row, radius, Border.Mirror, seen.AsSpan(row * paddedWidth, paddedWidth));
        }

        int[] order = new int[seen.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        float[] sorted = (float[])seen.Clone();
        Array.Sort(sorted, order);
        int[] ranks = new int[seen.Length];
        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i] != sorted[distinct])
            {
                sorted[++distinct] = sorted[i];
            }

            ranks[order[i]] = distinct;
        }

        values = sorted[..(distinct + 1)];
        return ranks;
    }
}
