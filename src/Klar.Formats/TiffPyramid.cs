namespace Klar.Formats;

/// <summary>The smaller copies that a TIFF file has of a page.</summary>
/// <param name="Levels">Their sizes, the largest first.</param>
/// <param name="ArePages">Whether they follow the page as pages of their own (reduced images, as whole-slide scanners
/// write them); else they are its sub-images.</param>
internal sealed record TiffPyramid(IReadOnlyList<(int Width, int Height)> Levels, bool ArePages)
{
    /// <summary>Sides halved, rounded up, until a tile holds the whole.</summary>
    public static IReadOnlyList<(int Width, int Height)> Halvings(int width, int height, int tile)
    {
        var levels = new List<(int, int)>();
        while (Math.Max(width, height) > tile)
        {
            (width, height) = ((width + 1) / 2, (height + 1) / 2);
            levels.Add((width, height));
        }

        return levels;
    }
}
