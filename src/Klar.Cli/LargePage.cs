using Klar.Imaging;

namespace Klar.Cli;

/// <summary>Parts that stand for a page which is too large to be measured and judged as a whole.</summary>
internal static class LargePage
{
    private const int Side = 640;

    /// <summary>The middles of a page's quarters, and its centre in their middle.</summary>
    public static StackStatistics Parts(Image page)
    {
        (int width, int height) = (Math.Min(Side, page.Width), Math.Min(Side, page.Height));
        (double X, double Y)[] places = [(0.25, 0.25), (0.75, 0.25), (0.5, 0.5), (0.25, 0.75), (0.75, 0.75)];
        return new StackStatistics(
            [.. places.Select(place => page.Crop((int)(place.X * (page.Width - width)), (int)(place.Y * (page.Height - height)), width, height))], (long)page.Width * page.Height);
    }

    /// <summary>The part in the middle.</summary>
    public static Image Centre(Image page)
    {
        (int width, int height) = (Math.Min(Side, page.Width), Math.Min(Side, page.Height));
        return page.Crop((page.Width - width) / 2, (page.Height - height) / 2, width, height);
    }
}
