namespace Klar.Networks;

/// <summary>A rectangle of pixels, which may reach outside the image.</summary>
internal readonly record struct Region(int X, int Y, int Width, int Height)
{
    public int Pixels => Width * Height;

    /// <summary>
    /// Tiles of <paramref name="side"/> × <paramref name="side"/> pixels, row by row, that cover an image; those at
    /// its right and lower border are what is left.
    /// </summary>
    public static Region[] Tiles(int width, int height, int side)
    {
        var tiles = new List<Region>();
        for (int y = 0; y < height; y += side)
        {
            for (int x = 0; x < width; x += side)
            {
                tiles.Add(new Region(x, y, Math.Min(side, width - x), Math.Min(side, height - y)));
            }
        }

        return [.. tiles];
    }

    /// <summary>The rectangle with <paramref name="by"/> pixels more on every side.</summary>
    public Region Grown(int by) => new(X - by, Y - by, Width + (2 * by), Height + (2 * by));

    /// <summary>Whether pixel (<paramref name="x"/>, <paramref name="y"/>) lies in the rectangle.</summary>
    public bool Contains(int x, int y) => (uint)(x - X) < (uint)Width && (uint)(y - Y) < (uint)Height;

    /// <summary>
    /// Index of pixel (<paramref name="x"/>, <paramref name="y"/>), given in the image's coordinates.
    /// </summary>
    public int IndexOf(int x, int y) => ((y - Y) * Width) + (x - X);
}
