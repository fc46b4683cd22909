using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// Squared distances between the patches on a grid and those one displacement away, each squared difference computed once and
/// shared by all patches that overlap there; near ones are offered to <see cref="NearestKeys"/>.
/// </summary>
/// <remarks>
/// With patches of side p = q · s + r on a grid of step s the image is cut into cells of s × s. Squared differences are summed
/// over each cell (GT), its left r columns (GU), its upper r rows (HT) and both (HU). A patch is then
/// <code>
///   T = GT of q cells down + HT of the next        distance = T of q cells along + U of the next
///   U = GU of q cells down + HU of the next
/// </code>
/// A lane is a grid point of a row. So that neighbouring grid points are neighbours in memory, each row of the image is laid
/// out by phase: all columns ≡ 0 modulo s first, then all ≡ 1, …
/// </remarks>
internal readonly ref struct PatchDistances : ILaneKernel
{
    /// <summary>Floats of the sums of one row of cells: four kinds.</summary>
    private const int Kinds = 4;

    private readonly ReadOnlySpan<float> _reference;
    private readonly ReadOnlySpan<float> _candidate;
    private readonly ReadOnlySpan<int> _referencePhases;
    private readonly ReadOnlySpan<int> _candidatePhases;
    private readonly Span<float> _sums;
    private readonly NearestKeys _nearest;
    private readonly int _patch;
    private readonly int _step;
    private readonly int _row;
    private readonly int _lanes;
    private readonly int _gridRows;
    private readonly int _rank;

    /// <param name="reference">The rows of the image, laid out by phase, from the first grid row on.</param>
    /// <param name="candidate">The same, from the first grid row plus the vertical displacement on.</param>
    /// <param name="referencePhases">Where in a row each column of the first cell begins.</param>
    /// <param name="candidatePhases">The same after the horizontal displacement.</param>
    /// <param name="sums">Scratch memory, <see cref="SumsLength"/> floats.</param>
    /// <param name="nearest">A slot for each lane of each grid row.</param>
    /// <param name="patch">Side of a patch.</param>
    /// <param name="step">Step of the grid.</param>
    /// <param name="row">Floats from one row to the next.</param>
    /// <param name="lanes">Lanes of a grid row, a multiple of 16, the cells that the last patch reaches included.</param>
    /// <param name="gridRows">Rows of the grid.</param>
    /// <param name="rank">The displacement's rank.</param>
    public PatchDistances(
        ReadOnlySpan<float> reference,
        ReadOnlySpan<float> candidate,
        ReadOnlySpan<int> referencePhases,
        ReadOnlySpan<int> candidatePhases,
        Span<float> sums,
        NearestKeys nearest,
        int patch,
        int step,
        int row,
        int lanes,
        int gridRows,
        int rank)
    {
        (_patch, _step, _row, _lanes, _gridRows, _rank, _nearest) = (patch, step, row, lanes, gridRows, rank, nearest);
        _reference = reference;
        _candidate = candidate;
        _referencePhases = referencePhases;
        _candidatePhases = candidatePhases;
        _sums = sums;
    }

    /// <summary>Cells that a patch reaches, in each direction.</summary>
    public static int Reach(int patch, int step) => (patch + step - 1) / step;

    /// <summary>Scratch memory for a grid of so many lanes and rows.</summary>
    public static int SumsLength(int lanes, int gridRows, int patch, int step) =>
        ((gridRows + Reach(patch, step) - 1) * Kinds * lanes) + (2 * (lanes + 32));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<T, TLanes>(int from, int count)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        if (count == 0 || from > 0)
        {
            return count;
        }

        SumCells<T, TLanes>();
        SumPatches<T, TLanes>();
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumCells<T, TLanes>()
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        int rest = _patch % _step;
        int cellRows = _gridRows + Reach(_patch, _step) - 1;
        ref float sums = ref MemoryMarshal.GetReference(_sums);
        ref readonly float references = ref MemoryMarshal.GetReference(_reference);
        ref readonly float candidates = ref MemoryMarshal.GetReference(_candidate);
        for (int cell = 0; cell < cellRows; cell++)
        {
            for (int lane = 0; lane < _lanes; lane += TLanes.Count)
            {
                T both = TLanes.Of(0), upper = TLanes.Of(0), left = TLanes.Of(0), other = TLanes.Of(0);
                int at = (cell * _step * _row) + lane;
                for (int y = 0; y < _step; y++, at += _row)
                {
                    T near = y < rest ? both : left, far = y < rest ? upper : other;
                    for (int k = 0; k < rest; k++)
                    {
                        T difference = TLanes.Subtract(TLanes.Load(in references, at + _referencePhases[k]), TLanes.Load(in candidates, at + _candidatePhases[k]));
                        near = TLanes.FusedMultiplyAdd(difference, difference, near);
                    }

                    for (int k = rest; k < _step; k++)
                    {
                        T difference = TLanes.Subtract(TLanes.Load(in references, at + _referencePhases[k]), TLanes.Load(in candidates, at + _candidatePhases[k]));
                        far = TLanes.FusedMultiplyAdd(difference, difference, far);
                    }

                    if (y < rest)
                    {
                        (both, upper) = (near, far);
                    }
                    else
                    {
                        (left, other) = (near, far);
                    }
                }

                ref float to = ref Unsafe.Add(ref sums, (cell * Kinds * _lanes) + lane);
                T top = TLanes.Add(both, upper), side = TLanes.Add(both, left);
                TLanes.Store(TLanes.Add(top, TLanes.Add(left, other)), ref to, 0);
                TLanes.Store(side, ref to, _lanes);
                TLanes.Store(top, ref to, 2 * _lanes);
                TLanes.Store(both, ref to, 3 * _lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumPatches<T, TLanes>()
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        int whole = _patch / _step, rest = _patch % _step;
        int cells = Kinds * _lanes;
        int cellRows = _gridRows + Reach(_patch, _step) - 1;
        ref float sums = ref MemoryMarshal.GetReference(_sums);

        // Beyond the last lane lie 16 floats that are never offered; they only have to be there.
        ref float along = ref Unsafe.Add(ref sums, cellRows * cells);
        ref float edge = ref Unsafe.Add(ref along, _lanes + 32);
        ref readonly float bounds = ref MemoryMarshal.GetReference(_nearest.Bounds);
        for (int row = 0; row < _gridRows; row++)
        {
            for (int lane = 0; lane < _lanes; lane += TLanes.Count)
            {
                ref float cell = ref Unsafe.Add(ref sums, (row * cells) + lane);
                T t = TLanes.Load(in cell, 0), u = TLanes.Load(in cell, _lanes);
                for (int k = 1; k < whole; k++)
                {
                    t = TLanes.Add(t, TLanes.Load(in cell, k * cells));
                    u = TLanes.Add(u, TLanes.Load(in cell, (k * cells) + _lanes));
                }

                if (rest > 0)
                {
                    t = TLanes.Add(t, TLanes.Load(in cell, (whole * cells) + (2 * _lanes)));
                    u = TLanes.Add(u, TLanes.Load(in cell, (whole * cells) + (3 * _lanes)));
                }

                TLanes.Store(t, ref along, lane);
                TLanes.Store(u, ref edge, lane);
            }

            for (int lane = 0; lane < _lanes; lane += TLanes.Count)
            {
                T distance = TLanes.Load(in along, lane);
                for (int k = 1; k < whole; k++)
                {
                    distance = TLanes.Add(distance, TLanes.Load(in along, lane + k));
                }

                if (rest > 0)
                {
                    distance = TLanes.Add(distance, TLanes.Load(in edge, lane + whole));
                }

                int slot = (row * _lanes) + lane;
                uint near = TLanes.WhereLess(distance, TLanes.Load(in bounds, slot));
                if (near != 0)
                {
                    // The sums of this row are not needed beyond here: their first floats hold the lanes' distances.
                    ref float lanes = ref Unsafe.Add(ref along, _lanes + 16);
                    TLanes.Store(distance, ref lanes, 0);
                    for (; near != 0; near &= near - 1)
                    {
                        int i = BitOperations.TrailingZeroCount(near);
                        _nearest.Offer(slot + i, Unsafe.Add(ref lanes, i), _rank);
                    }
                }
            }
        }
    }
}
