namespace Klar.NonLocal;

/// <summary>
/// The reference patches of an image: every step-th, and always the last row and column, so that they cover all pixels.
/// Bands of grid rows are independent work; their height is fixed, so that the split does not depend on the machine.
/// </summary>
internal sealed class ReferenceGrid
{
    /// <summary>The most grid rows of a band.</summary>
    public const int BandRows = 16;

    private readonly int[] _tileStarts;
    private readonly int[] _bandStarts;
    private readonly int _step;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int _lastX;
    private readonly int _lastY;

    public ReferenceGrid(int width, int height, int patch, int step, int mostColumns)
    {
        _step = step;
        (_lastX, _lastY) = (width - patch, height - patch);
        (_columns, _rows) = ((_lastX / step) + 1, (_lastY / step) + 1);
        _tileStarts = Starts(_columns, mostColumns);
        _bandStarts = Starts(_rows, BandRows);
    }

    /// <summary>How many bands there are.</summary>
    public int Bands => _bandStarts.Length - 1 + (_lastY % _step == 0 ? 0 : 1);

    /// <summary>The tiles of a band, left to right.</summary>
    public IEnumerable<GridTile> Tiles(int band)
    {
        (int y, int rows) = band < _bandStarts.Length - 1
            ? (_bandStarts[band] * _step, _bandStarts[band + 1] - _bandStarts[band])
            : (_lastY, 1);
        for (int i = 0; i < _tileStarts.Length - 1; i++)
        {
            yield return new GridTile(_tileStarts[i] * _step, y, _tileStarts[i + 1] - _tileStarts[i], rows);
        }

        if (_lastX % _step != 0)
        {
            yield return new GridTile(_lastX, y, 1, rows);
        }
    }

    /// <summary>Cuts 0..<paramref name="count"/> into even parts of at most <paramref name="most"/>.</summary>
    private static int[] Starts(int count, int most)
    {
        int parts = (count + most - 1) / most;
        return [.. Enumerable.Range(0, parts + 1).Select(i => (int)((long)i * count / parts))];
    }
}
