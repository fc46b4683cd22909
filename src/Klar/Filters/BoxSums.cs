using Klar.Numerics;

namespace Klar.Filters;

/// <summary>
/// Sums of the samples of each (2r + 1)² window, and of their squares, row by row from the top of a band. Column sums
/// run down the band in double precision, begun anew for every band: a row enters, a row leaves.
/// </summary>
internal sealed class BoxSums
{
    private readonly Plane _plane;
    private readonly int _radius;
    private readonly Border _border;
    private readonly double[] _columns;
    private readonly double[] _squares;
    private readonly double[] _scratch;
    private readonly float[] _row;
    private readonly bool _withSquares;
    private int _next;

    public BoxSums(Plane plane, int radius, Border border, int from, bool withSquares = false)
    {
        (_plane, _radius, _border, _withSquares, _next) = (plane, radius, border, withSquares, from);
        int padded = plane.Width + (2 * radius);
        _row = new float[padded];
        _columns = new double[padded];
        _squares = new double[withSquares ? padded : 0];
        _scratch = new double[padded];
        for (int y = from - radius; y < from + radius; y++)
        {
            Enter(y);
        }
    }

    /// <summary>
    /// Σ over the window around each sample of row <paramref name="y"/>; rows are asked for one after the other.
    /// </summary>
    public void OfRow(int y, Span<double> sum, Span<double> sumOfSquares = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y, _next);
        _next++;
        Enter(y + _radius);
        Windows(_columns, sum);
        if (_withSquares)
        {
            Windows(_squares, sumOfSquares);
        }

        Leave(y - _radius);
    }

    private void Windows(double[] columns, Span<double> to)
    {
        columns.CopyTo(_scratch, 0);
        DoubleRows.WindowSums(_scratch, (2 * _radius) + 1, to);
    }

    private void Enter(int y)
    {
        PaddedRow.Load(_plane, y, _radius, _border, _row);
        DoubleRows.Add(_row, _columns);
        if (_withSquares)
        {
            DoubleRows.AddSquare(_row, _squares);
        }
    }

    private void Leave(int y)
    {
        PaddedRow.Load(_plane, y, _radius, _border, _row);
        DoubleRows.Subtract(_row, _columns);
        if (_withSquares)
        {
            DoubleRows.SubtractSquare(_row, _squares);
        }
    }
}
