using Klar.Imaging;

namespace Klar.Cli;

/// <summary>Parts that stand for a page which is too large to be measured and judged as a whole.</summary>
internal static class LargePage
{
    private const int Side = 640;

    private const int MinSide = 64;

    // Places at 0.1, 0.5 and 0.9 of what is free do not overlap where a part is at most 2/7 of the page.
    private const double MaxShare = 2 / 7.0;

    /// <summary>Four parts towards a page's corners, and its centre in their middle; a page no larger than five parts is one itself, because parts that overlap would count twice.</summary>
    public static StackStatistics Parts(Image page)
    {
        (double X, double Y)[] places = [(0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.9), (0.9, 0.9)];
        if ((long)page.Width * page.Height <= places.Length * Side * Side)
        {
            return new StackStatistics([page]);
        }

        (int width, int height) = (Length(page.Width), Length(page.Height));
        return new StackStatistics(
            [.. places.Select(place => page.Crop((int)(place.X * (page.Width - width)), (int)(place.Y * (page.Height - height)), width, height))], (long)page.Width * page.Height);
    }

    private static int Length(int whole) => Math.Clamp((int)(MaxShare * whole), Math.Min(MinSide, whole), Side);

    /// <summary>The part in the middle.</summary>
    public static Image Centre(Image page)
    {
        (int width, int height) = (Math.Min(Side, page.Width), Math.Min(Side, page.Height));
        return page.Crop((page.Width - width) / 2, (page.Height - height) / 2, width, height);
    }
}
