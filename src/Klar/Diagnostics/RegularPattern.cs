using Klar.Numerics;

namespace Klar.Diagnostics;

/// <summary>
/// How strong regular patterns are that microscopes do not make but methods do: a checkerboard, stripes of single
/// pixels, a grid of 8 pixels.
/// </summary>
/// <remarks>
/// Each pattern's power by synchronous averaging, against the geometric mean of those at a frequency on each side,
/// since a picture's spectrum falls off as a power of the frequency; blocks of 32 x 32, their median, so that one sharp
/// edge does not count.
/// </remarks>
internal static class RegularPattern
{
    private const int Block = 32;

    // Of the noise's amplitude at a frequency; and the power of white noise of variance 1 under the window, (32 ·
    // 3/8)².
    private const double Unseen = 0.05;
    private const double WindowPower = 144;

    // Frequencies in 32nds of a turn a pixel: the patterns, and what is next to them.
    private static readonly (int X, int Y)[] Patterns = [(16, 16), (16, 0), (0, 16), (4, 0), (0, 4), (8, 0), (0, 8)];

    /// <summary>
    /// The largest ratio of a pattern's power to that of its neighbours in frequency; 1 where there is none, 0 in
    /// pictures too small to say.
    /// </summary>
    /// <param name="plane">The picture.</param>
    /// <param name="sigma">The noise of the input: a pattern far below it is not seen and counts for nothing.</param>
    public static double StrengthIn(Plane plane, double sigma)
    {
        if (plane.Width < 2 * Block || plane.Height < 2 * Block)
        {
            return 0;
        }

        double largest = 0;
        foreach ((int x, int y) in Patterns)
        {
            double[] near = [.. Neighbours(x, y).Select(at => Power(at.X, at.Y))];
            double own = Power(x, y), expected = Math.Sqrt(near[0] * near[1]);
            largest = Math.Max(
                largest, own / Math.Max(Unseen * Unseen * sigma * sigma * WindowPower, Math.Max(1e-14, expected)));
        }

        return largest;

        double Power(int fx, int fy) => Selection.UpperMedian<double>(Powers(plane, fx, fy));
    }

    private static IEnumerable<(int X, int Y)> Neighbours(int x, int y)
    {
        int stepX = x == 0 ? 0 : -2, stepY = y == 0 ? 0 : -2;
        yield return (x + stepX, y + stepY);
        yield return x is 16 or 0 && y is 16 or 0 ? (x + (2 * stepX), y + (2 * stepY)) : (x - stepX, y - stepY);
    }

    /// <summary>Powers at a frequency, block by block, under a Hann window.</summary>
    private static double[] Powers(Plane plane, int fx, int fy)
    {
        double[] window =
        [
            .. Enumerable.Range(0, Block).Select(static i => 0.5 - (0.5 * Elementary.CosPi((2 * i + 1.0) / Block)))
        ];
        double[] cosine = [.. Enumerable.Range(0, Block).Select(static i => Elementary.CosPi(2.0 * i / Block))];
        var powers = new List<double>();
        for (int top = 0; top + Block <= plane.Height; top += Block)
        {
            for (int left = 0; left + Block <= plane.Width; left += Block)
            {
                double mean = 0, re = 0, im = 0, windowRe = 0, windowIm = 0;
                for (int i = 0; i < Block * Block; i++)
                {
                    (int x, int y) = (i % Block, i / Block);
                    double w = window[x] * window[y], sample = plane.Samples[((top + y) * plane.Width) + left + x];
                    int phase = ((fx * x) + (fy * y)) % Block;
                    (double c, double s) = (cosine[phase], cosine[(phase + (3 * Block / 4)) % Block]);
                    mean += sample;
                    (re, im) = (re + (w * c * sample), im + (w * s * sample));
                    (windowRe, windowIm) = (windowRe + (w * c), windowIm + (w * s));
                }

                mean /= Block * Block;
                (re, im) = (re - (mean * windowRe), im - (mean * windowIm));
                powers.Add((re * re) + (im * im));
            }
        }

        return [.. powers];
    }
}
