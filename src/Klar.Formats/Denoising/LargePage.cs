namespace Klar.Formats.Denoising;

/// <summary>Parts that stand for a page which is too large to be measured and judged as a whole.</summary>
internal static class LargePage
{
    private const int Side = 640;
    private const int MinSide = 64;

    // Towards the corners, and the centre.
    private static readonly (double X, double Y)[] Spread =
        [(0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.9), (0.9, 0.9)];

    // A row of parts, for a page that is too narrow for two of them side by side.
    private static readonly double[] InRow = [0, 0.25, 0.5, 0.75, 1];

    // Of a free length, places at 0.1, 0.5 and 0.9 do not overlap where a part is at most 2/7 of the page; the five of
    // a row do not where it is at most 1/5.
    private const double MaxShareSpread = 2 / 7.0;
    private const double MaxShareInRow = 1 / 5.0;

    /// <summary>Those parts; the middle one of them, which decides, is the page's centre.</summary>
    public static StackStatistics Parts(Image page) => new(
        [.. Places(page.Width, page.Height).Select(part => page.Crop(part.X, part.Y, part.Width, part.Height))],
        (long)page.Width * page.Height);

    /// <summary>
    /// Where they are. No two overlap, because what they share would count twice; a page that is no larger than five
    /// parts is one itself.
    /// </summary>
    internal static IReadOnlyList<(int X, int Y, int Width, int Height)> Places(int width, int height)
    {
        if ((long)width * height <= Spread.Length * Side * Side)
        {
            return [(0, 0, width, height)];
        }

        if (Math.Min(width, height) * MaxShareSpread < MinSide)
        {
            bool wide = width > height;
            int length = Length(wide ? width : height, MaxShareInRow);
            return [.. InRow.Select(place => wide
                ? ((int)(place * (width - length)), 0, length, height)
                : (0, (int)(place * (height - length)), width, length))];
        }

        (int w, int h) = (Length(width, MaxShareSpread), Length(height, MaxShareSpread));
        return [.. Spread.Select(place => ((int)(place.X * (width - w)), (int)(place.Y * (height - h)), w, h))];
    }

    /// <summary>The part in the middle.</summary>
    public static Image Centre(Image page)
    {
        (int width, int height) = (Math.Min(Side, page.Width), Math.Min(Side, page.Height));
        return page.Crop((page.Width - width) / 2, (page.Height - height) / 2, width, height);
    }

    private static int Length(int whole, double share) => Math.Min((int)(share * whole), Side);
}
