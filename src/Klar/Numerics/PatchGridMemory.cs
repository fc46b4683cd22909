namespace Klar.Numerics;

/// <summary>What <see cref="PatchDistances{TShape}"/> works in: one worker's, laid out once.</summary>
internal sealed class PatchGridMemory
{
    /// <summary>Sums that are kept of each cell.</summary>
    public const int Kinds = 4;

    // Lanes beyond the last that a load may touch.
    private const int Spare = 32;

    private readonly float[] _rows;
    private readonly float[] _sums;
    private readonly float[] _along;
    private readonly float[] _edge;

    /// <param name="nearest">A slot for each lane of each grid row.</param>
    /// <param name="rows">Rows of the image.</param>
    /// <param name="rowLength">Floats of a row by phase.</param>
    /// <param name="lanes">The most lanes of a grid row.</param>
    /// <param name="cellRows">The most rows of cells.</param>
    public PatchGridMemory(NearestKeys nearest, int rows, int rowLength, int lanes, int cellRows)
    {
        (Nearest, RowLength) = (nearest, rowLength);
        _rows = new float[(rows * rowLength) + Spare];
        _sums = new float[cellRows * Kinds * lanes];
        _along = new float[(cellRows * lanes) + Spare];
        _edge = new float[(cellRows * lanes) + Spare];
    }

    public NearestKeys Nearest { get; }

    /// <summary>From one row by phase to the next.</summary>
    public int RowLength { get; }

    /// <summary>[row of cells][kind][lane].</summary>
    public Span<float> Sums => _sums;

    /// <summary>T: [grid row][lane].</summary>
    public Span<float> Along => _along;

    /// <summary>U: [grid row][lane].</summary>
    public Span<float> Edge => _edge;

    /// <summary>The rows by phase, from one on.</summary>
    public Span<float> RowsFrom(int row) => _rows.AsSpan(row * RowLength);
}
