using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// The noise's variance over brightness from second differences in both directions, the highest band that there is.
/// Optics pass next to nothing of a picture into that band, so a few hundred pixels of a brightness are enough where
/// patches need thousands; what edges do pass is measured beside it and taken off.
/// </summary>
/// <remarks>
/// Over each block of 3 × 3 pixels d = (δ²⊗δ²) / 6, the second difference across of second differences down, h and v =
/// (δ⊗δ²) / √12 and its transpose, t = (δ⊗δ) / 2, and the mean m with weights [1 4 1]⊗[1 4 1] / 36, the squares of
/// those of d. The noises of d, h, v and t are uncorrelated, and with x the light, E[m] = x and
/// <code>
/// E[d²] = gain · x + read + c² s,    E[(h² + v²) / 2] = gain · x + read + c s,    E[t²] = gain · x + read + s
/// </code>
/// s is the picture's own energy in t. That of each band is the same share c of that of the band below it: spectra of
/// optics that pass as much across as down are products, S(δ²) S(δ²), S(δ²) S(δ) and S(δ) S(δ). For spots behind a
/// Gaussian blur of 1.2 px c = 0.09, of 0.8 px 0.21; for lines of all directions S(d) / S(h) = 0.109 and S(h) / S(t) =
/// 0.104. So (E[h² + v²] / 2 − E[d²]) / (E[t²] − E[h² + v²] / 2) = c, whatever the noise's level is.
/// Blocks are sorted by the mean of the ring of pixels around them, whose noise is independent of all others, so that
/// no bin prefers blocks for their noise: the means of m and d² over a bin lie on the line without bias.
/// </remarks>
internal static class DiagonalBand
{
    private const int Window = 7;
    private const int Margin = (Window - 3) / 2;
    private const int MaxBlocks = 400_000;
    private const int Bins = 24;
    private const int MinBlocks = 90;

    // Overlapping blocks of normal noise: the variance of a mean of d² is 2 · 3.8 / blocks of its square, by the
    // autocorrelation of the filter.
    private const double Scatter = 7.6;

    // Bands of one level agree to about this.
    private const double Level = 0.06;
    private const double MaxLeak = 0.5;

    // The scatter of bands that hold noise alone, of this many bins, does not count as a share.
    private const double Chance = 4;

    // More than this of a level's energy is never the picture's, or it shows no noise.
    private const double MinShare = 0.25;

    // Edges of one picture do not all leak alike: of what was taken off, so much is uncertain.
    private const double LeakError = 0.3;

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

        List<Bin> bins = Binned(blocks);
        double leak = LeakOf(bins);
        return [.. bins.Select(bin =>
        {
            double least = MinShare * bin.Diagonal;
            double variance = Math.Max(least, (bin.Diagonal - (leak * bin.Edges)) / (1 - leak));
            double leaked = bin.Diagonal > 0 ? Math.Max(0, 1 - (variance / bin.Diagonal)) : 0;
            double error = Math.Sqrt((Scatter / bin.Count) + (LeakError * LeakError * leaked * leaked));
            return new BandLevel(
                bin.Mean, variance, bin.Count, bin.Least, bin.Most, error, leaked, bin.Black, bin.White);
        })];
    }

    /// <summary>
    /// A block: brightness around it, its own mean, d², (h² + v²) / 2, t², and how many of its nine samples lie at
    /// black and white.
    /// </summary>
    private readonly record struct Block(
        float Around, float Mean, float Diagonal, float Edges, float Twist, byte Black, byte White);

    /// <summary>Means over the blocks of a bin, and between which brightnesses around them they are.</summary>
    private readonly record struct Bin(
        double Mean, double Diagonal, double Edges, double Twist, double Black, double White, int Count, double Least,
        double Most);

    private static Block[] BlocksOf(Image image, IReadOnlyList<Mask?> masks, float darkest, float brightest)
    {
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

                    blocks.Add(BlockOf(
                        plane.Row(top + Margin).Slice(left + Margin, 3),
                        plane.Row(top + Margin + 1).Slice(left + Margin, 3),
                        plane.Row(top + Margin + 2).Slice(left + Margin, 3),
                        Around(plane, left, top), darkest, brightest));
                }
            }
        }

        return [.. blocks];
    }

    /// <summary>The mean of the 40 pixels around a block.</summary>
    private static float Around(Plane plane, int left, int top)
    {
        float ring = 0;
        for (int y = 0; y < Window; y++)
        {
            ReadOnlySpan<float> row = plane.Row(top + y).Slice(left, Window);
            ring += row[0] + row[1] + (row[5] + row[6]);
            ring += y is < Margin or >= Window - Margin ? row[2] + row[3] + row[4] : 0;
        }

        return ring / ((Window * Window) - 9);
    }

    private static Block BlockOf(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, float around,
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
            around, weighted / 36, diagonal * diagonal / 36,
            ((across * across) + (down * down)) / 24, twist * twist / 4, (byte)black, (byte)white);
    }

    /// <summary>Bins of like brightness around, finer where it is dark and most pixels are.</summary>
    private static List<Bin> Binned(Block[] blocks)
    {
        float[] around = [.. blocks.Select(static block => block.Around)];
        Array.Sort(around, blocks);
        int count = blocks.Length;
        double low = around[count / 100], high = around[count - Math.Max(2, count / 5000)];
        var bins = new List<Bin>();
        int first = 0;
        for (int bin = 1; bin <= Bins; bin++)
        {
            double edge = low + ((high - low) * bin * bin / (Bins * Bins));
            int next = bin == Bins ? count : FirstAbove(around, (float)edge);
            if (next - first >= MinBlocks)
            {
                bins.Add(BinOf(blocks.AsSpan(first, next - first)));
                first = next;
            }
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

    private static Bin BinOf(ReadOnlySpan<Block> blocks)
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
        return new Bin(
            mean / count, diagonal / count, edges / count, twist / count, black / count, white / count, count,
            blocks[0].Around, blocks[^1].Around);
    }

    /// <summary>
    /// c by least squares through the origin on E[(h² + v²) / 2] − E[d²] = c · (E[t²] − E[(h² + v²) / 2]).
    /// </summary>
    private static double LeakOf(List<Bin> bins)
    {
        double products = 0, squares = 0;
        foreach (Bin bin in bins.Where(static bin => bin.Diagonal > 0))
        {
            double weight = 1 / (((Level * Level) + (Scatter / bin.Count)) * bin.Diagonal * bin.Diagonal);
            double lower = bin.Twist - bin.Edges;
            products += weight * lower * (bin.Edges - bin.Diagonal);
            squares += weight * lower * lower;
        }

        return Math.Clamp(products / (squares + (Chance * Math.Max(1, bins.Count))), 0, MaxLeak);
    }
}
