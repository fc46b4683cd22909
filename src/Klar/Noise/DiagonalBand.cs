using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// The noise's variance over brightness from second differences in both directions, the highest band that there is.
/// Optics pass next to nothing of a picture into that band, so a few hundred pixels of a brightness are enough where
/// patches need thousands; what edges do pass is measured beside it and taken off.
/// </summary>
/// <remarks>
/// Over each block of 3 × 3 pixels d = (δ²⊗δ²) / 6, the second difference across of second differences down, h and v =
/// (δ⊗δ²) / √12 and its transpose, and the mean m with weights [1 4 1]⊗[1 4 1] / 36, the squares of those of d. The
/// noises of d, h and v are uncorrelated, and with x the light, E[m] = x and
/// <code>
/// E[d²] = gain · x + read + c · s,    E[(h² + v²) / 2] = gain · x + read + s
/// </code>
/// s is the picture's own energy in h and v, and c the share of it that leaks into d. Blocks are sorted by the mean z
/// of the ring of pixels around them, whose noise is independent of all four, so that no bin prefers blocks for their
/// noise: the means of m and d² over a bin lie on the line without bias. Each bin is divided by h² + v², which shows
/// the leak: blocks with edges have more of both. Gain, read and c follow from reweighted least squares.
/// </remarks>
internal static class DiagonalBand
{
    private const int Window = 7;
    private const int MaxBlocks = 400_000;
    private const int Bins = 24;
    private const int MinBlocks = 90;
    private const int Groups = 3;

    // Overlapping blocks of normal noise: the variance of a mean of d² is 2 · 3.8 / blocks of its square, by the
    // autocorrelation of the filter.
    private const double Scatter = 7.6;

    // Bands of one level agree to about this.
    private const double Level = 0.06;
    private const double MaxLeak = 0.5;

    // Edges of one picture do not all leak alike: of what was taken off, so much is uncertain.
    private const double LeakError = 0.5;

    /// <summary>The levels, darkest first; empty where the image is too small.</summary>
    /// <param name="image">The noisy image.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    /// <param name="black">Whether samples at 0 may have been cut off there.</param>
    /// <param name="white">Whether samples at 1 may have been cut off there.</param>
    public static IReadOnlyList<BandLevel> Of(Image image, IReadOnlyList<Mask?> masks, bool black, bool white)
    {
        Block[] blocks = BlocksOf(image, masks, black ? 0 : float.NegativeInfinity, white ? 1 : float.PositiveInfinity);
        if (blocks.Length < 4 * MinBlocks)
        {
            return [];
        }

        List<Group[]> bins = Binned(blocks);
        double leak = LeakOf(bins.SelectMany(static bin => bin));
        return [.. bins.Select(bin =>
        {
            double count = bin.Sum(static g => g.Count);
            double Mean(Func<Group, double> of) => bin.Sum(g => g.Count * of(g)) / count;
            (double diagonal, double edges) = (Mean(static g => g.Diagonal), Mean(static g => g.Edges));
            double variance = Math.Max(0.5 * diagonal, (diagonal - (leak * edges)) / (1 - leak));
            double leaked = diagonal > 0 ? Math.Max(0, 1 - (variance / diagonal)) : 0;
            return new BandLevel(
                Mean(static g => g.Mean), variance, (int)count, bin.Min(static g => g.Least), bin.Max(
                    static g => g.Most),
                Math.Sqrt((Scatter / count) + (LeakError * LeakError * leaked * leaked)), leaked,
                Mean(static g => g.Black), Mean(static g => g.White));
        })];
    }

    /// <summary>
    /// A block: brightness around it, its own mean, d², (h² + v²) / 2, and how many of its nine samples lie at black
    /// and white.
    /// </summary>
    private readonly record struct Block(
        float Around, float Roughness, float Mean, float Diagonal, float Edges, float Twist, byte Black, byte White);

    /// <summary>Means over some blocks of a bin.</summary>
    private readonly record struct Group(
        double Mean, double Diagonal, double Edges, double Twist, double Black, double White, int Count, double Least, double Most);

    private static Block[] BlocksOf(Image image, IReadOnlyList<Mask?> masks, float darkest, float brightest)
    {
        const int Margin = (Window - 3) / 2;
        int columns = image.Width - Window + 1, rows = image.Height - Window + 1;
        if (columns < 1 || rows < 1)
        {
            return [];
        }

        int step = Math.Max(1, (int)Math.Ceiling(Math.Sqrt((double)columns * rows * image.Planes.Count / MaxBlocks)));
        var blocks = new List<Block>(((columns / step) + 1) * ((rows / step) + 1) * image.Planes.Count);
        for (int c = 0; c < image.Planes.Count; c++)
        {
            Plane plane = image.Planes[c];
            Mask? mask = masks[c];
            for (int top = 0; top < rows; top += step)
            {
                for (int left = 0; left < columns; left += step)
                {
                    if (mask?.Touches(left, top, Window) == true)
                    {
                        continue;
                    }

                    (float around, float roughness) = RingOf(plane, left, top);
                    blocks.Add(BlockOf(
                        plane.Row(top + Margin).Slice(left + Margin, 3), plane.Row(top + Margin + 1)
                            .Slice(left + Margin, 3), plane.Row(top + Margin + 2).Slice(left + Margin, 3),
                        around, roughness, darkest, brightest));
                }
            }
        }

        return [.. blocks];
    }

    /// <summary>
    /// The mean of the 40 pixels around a block, and how much more than a plane they hold: differences of the ring's
    /// corners and sides that neither a level nor a slope contributes to, each in units of its own noise.
    /// </summary>
    private static (float Around, float Roughness) RingOf(Plane plane, int left, int top)
    {
        Span<float> west = stackalloc float[Window], middle = stackalloc float[Window], east = stackalloc float[Window];
        for (int y = 0; y < Window; y++)
        {
            ReadOnlySpan<float> row = plane.Row(top + y).Slice(left, Window);
            (west[y], middle[y], east[y]) = (row[0] + row[1], row[2] + row[3] + row[4], row[5] + row[6]);
        }

        // Corners are of 2 x 2 pixels, sides of 2 x 3.
        (float nw, float n, float ne) = (west[0] + west[1], middle[0] + middle[1], east[0] + east[1]);
        (float w, float e) = (west[2] + west[3] + west[4], east[2] + east[3] + east[4]);
        (float sw, float s, float se) = (west[5] + west[6], middle[5] + middle[6], east[5] + east[6]);
        float across = ((ne + se - nw - sw) / 4) - ((e - w) / 3), down = ((sw + se - nw - ne) / 4) - ((s - n) / 3);
        float sides = (n + s - w - e) / 6, twist = (nw + se - ne - sw) / 4;
        return (
            (nw + n + ne + w + e + sw + s + se) / 40,
            (((across * across) + (down * down)) * 3 / 7) + (sides * sides * 3 / 2) + (twist * twist));
    }

    private static Block BlockOf(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, float around, float roughness,
        float darkest, float brightest)
    {
        // Second differences down each column, and each column's mean with the squares of their weights.
        float p = a[0] - (2 * b[0]) + c[0], q = a[1] - (2 * b[1]) + c[1], r = a[2] - (2 * b[2]) + c[2];
        float diagonal = p - (2 * q) + r, across = p - r;
        float twist = a[0] - a[2] - c[0] + c[2];
        float down = a[0] - c[0] - (2 * (a[1] - c[1])) + (a[2] - c[2]);
        float weighted = (a[0] + (4 * b[0]) + c[0]) + (4 * (a[1] + (4 * b[1]) + c[1])) + (a[2] + (4 * b[2]) + c[2]);
        int black = 0, white = 0;
        for (int i = 0; i < 3; i++)
        {
            black += (a[i] <= darkest ? 1 : 0) + (b[i] <= darkest ? 1 : 0) + (c[i] <= darkest ? 1 : 0);
            white += (a[i] >= brightest ? 1 : 0) + (b[i] >= brightest ? 1 : 0) + (c[i] >= brightest ? 1 : 0);
        }

        return new Block(
            around, roughness, weighted / 36, diagonal * diagonal / 36,
            ((across * across) + (down * down)) / 24, twist * twist / 4, (byte)black, (byte)white);
    }

    /// <summary>
    /// Bins of like brightness around, finer where it is dark and most pixels are; each in groups, those with the
    /// weakest edges first.
    /// </summary>
    private static List<Group[]> Binned(Block[] blocks)
    {
        float[] around = [.. blocks.Select(static block => block.Around)];
        Array.Sort(around, blocks);
        int count = blocks.Length;
        double low = around[count / 100], high = around[count - Math.Max(2, count / 5000)];
        var bins = new List<Group[]>();
        int first = 0;
        for (int bin = 1; bin <= Bins; bin++)
        {
            double edge = low + ((high - low) * bin * bin / (Bins * Bins));
            int next = bin == Bins ? count : FirstAbove(around, (float)edge);
            if (next - first < MinBlocks)
            {
                continue;
            }

            Span<Block> members = blocks.AsSpan(first, next - first);
            float[] roughness = [.. blocks[first..next].Select(static block => block.Roughness)];
            roughness.AsSpan().Sort(members);
            var groups = new Group[Groups];
            for (int g = 0; g < Groups; g++)
            {
                Span<Block> some = members[(g * members.Length / Groups)..((g + 1) * members.Length / Groups)];
                groups[g] = GroupOf(some, around[first], around[next - 1]);
            }

            bins.Add(groups);
            first = next;
        }

        return bins;
    }

    private static int FirstAbove(float[] sorted, float value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static Group GroupOf(ReadOnlySpan<Block> blocks, double least, double most)
    {
        double mean = 0, diagonal = 0, edges = 0, twist = 0, black = 0, white = 0;
        foreach (Block block in blocks)
        {
            mean += block.Mean;
            diagonal += block.Diagonal;
            edges += block.Edges;
            twist += block.Twist;
            black += block.Black / 9.0;
            white += block.White / 9.0;
        }

        int count = blocks.Length;
        return new Group(
            mean / count, diagonal / count, edges / count, twist / count, black / count, white / count, count, least, most);
    }

    /// <summary>
    /// c by least squares through the origin on E[(h² + v²) / 2] − E[d²] = c · (E[t²] − E[(h² + v²) / 2]).
    /// </summary>
    private static double LeakOf(IEnumerable<Group> groups)
    {
        double products = 0, squares = 0;
        foreach (Group group in groups.Where(static group => group.Diagonal > 0))
        {
            double weight = 1 / (((Level * Level) + (Scatter / group.Count)) * group.Diagonal * group.Diagonal);
            double lower = group.Twist - group.Edges;
            products += weight * lower * (group.Edges - group.Diagonal);
            squares += weight * lower * lower;
        }

        return squares > 0 ? Math.Clamp(products / squares, 0, MaxLeak) : 0;
    }
}
