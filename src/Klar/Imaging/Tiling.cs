namespace Klar.Imaging;

/// <summary>
/// A page cut in tiles that together cover it. A tile is denoised with its surroundings; at its borders its result is
/// faded into its neighbours'.
/// </summary>
public sealed class Tiling
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _side;
    private readonly int _down;
    private readonly int _margin;
    private readonly int _blend;

    /// <param name="width">The page's samples in a row.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="side">Side of a tile without its surroundings, at least twice <paramref name="blend"/>.</param>
    /// <param name="margin">Pixels around a tile that its result depends on.</param>
    /// <param name="blend">Pixels to each side of a border over which results fade into each other; 0 for none.</param>
    /// <param name="down">Rows of a tile, if they are not <paramref name="side"/>.</param>
    public Tiling(int width, int height, int side, int margin, int blend, int? down = null)
    {
        (_width, _height, _margin) = (width, height, Require.Within(margin, 0, int.MaxValue));
        _blend = Require.Within(blend, 0, int.MaxValue);
        _side = Require.Within(side, Math.Max(1, 2 * blend), int.MaxValue);
        _down = Require.Within(down ?? side, Math.Max(1, 2 * blend), int.MaxValue);
    }

    /// <summary>A tile: what of the page is denoised for it, and the part of that which counts.</summary>
    /// <param name="X">Left edge of what is denoised.</param>
    /// <param name="Y">Its upper edge.</param>
    /// <param name="Width">Its width.</param>
    /// <param name="Height">Its height.</param>
    public readonly record struct Tile(int X, int Y, int Width, int Height)
    {
        internal (int From, int To) Columns { get; init; }

        internal (int From, int To) Rows { get; init; }
    }

    /// <summary>The tiles, row by row.</summary>
    public IEnumerable<Tile> Tiles
    {
        get
        {
            foreach ((int From, int To) rows in Cuts(_height, _down))
            {
                foreach ((int From, int To) columns in Cuts(_width, _side))
                {
                    (int left, int right) = Grown(columns, _width);
                    (int top, int bottom) = Grown(rows, _height);
                    yield return new Tile(left, top, right - left, bottom - top) { Columns = columns, Rows = rows };
                }
            }
        }
    }

    /// <summary>
    /// Adds a tile's result to the page's, each sample with its weight; the weights of all tiles at a sample add up
    /// to 1.
    /// </summary>
    public void Add(Tile tile, ReadOnlySpan<float> result, Span<float> page)
    {
        for (int y = Math.Max(0, tile.Rows.From - _blend); y < Math.Min(_height, tile.Rows.To + _blend); y++)
        {
            float down = Weight(y, tile.Rows, _height);
            for (int x = Math.Max(0, tile.Columns.From - _blend); x < Math.Min(_width, tile.Columns.To + _blend); x++)
            {
                float weight = down * Weight(x, tile.Columns, _width),
                    sample = result[((y - tile.Y) * tile.Width) + x - tile.X];
                ref float to = ref page[(y * _width) + x];

                // Where no other tile has a share the sample is taken as it is.
                to = weight >= 1 ? sample : to + (weight * sample);
            }
        }
    }

    private (int From, int To) Grown((int From, int To) cut, int length) =>
        (Math.Max(0, cut.From - _blend - _margin), Math.Min(length, cut.To + _blend + _margin));

    private IEnumerable<(int From, int To)> Cuts(int length, int side)
    {
        for (int at = 0; at < length;)
        {
            // A rest too small for its borders goes to the tile before it.
            int to = at + side >= length || length - at - side < 2 * _blend ? length : at + side;
            yield return (at, to);
            at = to;
        }
    }

    /// <summary>
    /// 1 inside, rising from 0 to 1 over the border on both sides of a cut; 1 to the edge of the page.
    /// </summary>
    private float Weight(int at, (int From, int To) cut, int length)
    {
        float rising = cut.From == 0 || _blend == 0 ? 1 : Math.Min(1, (at - cut.From + _blend + 0.5f) / (2 * _blend));
        float falling = cut.To == length || _blend == 0 ? 1 : Math.Min(1, (cut.To + _blend - at - 0.5f) / (2 * _blend));
        return Math.Min(rising, falling);
    }
}
