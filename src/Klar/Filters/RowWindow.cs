using System.Runtime.CompilerServices;

namespace Klar.Filters;

/// <summary>
/// The rows around a row, each continued past both ends: row y of the window has its sample x at index x + radius.
/// A ring of 2 · radius + 1 rows, so that going down a band reads every row of the image once.
/// </summary>
internal sealed class RowWindow
{
    private readonly Plane _plane;
    private readonly int _radius;
    private readonly Border _border;
    private readonly float[] _ring;
    private readonly int[] _held;

    public RowWindow(Plane plane, int radius, Border border = Border.Mirror)
    {
        (_plane, _radius, _border) = (plane, radius, border);
        Stride = plane.Width + (2 * radius);
        _ring = GC.AllocateUninitializedArray<float>(Stride * ((2 * radius) + 1));
        _held = new int[(2 * radius) + 1];
        _held.AsSpan().Fill(int.MinValue);
    }

    /// <summary>Samples of a row with both continuations.</summary>
    public int Stride { get; }

    /// <summary>
    /// Row <paramref name="y"/>, −radius to height + radius − 1. Asking for it forgets row y − 2 · radius − 1.
    /// </summary>
    public ReadOnlySpan<float> Row(int y) => _ring.AsSpan(Offset(y), Stride);

    /// <summary>Where row <paramref name="y"/> begins in <see cref="Ring"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Offset(int y)
    {
        int slot = (y + _radius) % _held.Length;
        if (_held[slot] != y)
        {
            PaddedRow.Load(_plane, y, _radius, _border, _ring.AsSpan(slot * Stride, Stride));
            _held[slot] = y;
        }

        return slot * Stride;
    }

    /// <summary>All rows that are held.</summary>
    public ReadOnlySpan<float> Ring => _ring;
}
