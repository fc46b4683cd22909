using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// Squared distances between the patches on a grid and those one displacement away, each squared difference computed
/// once and
/// shared by all patches that overlap there; near ones are offered to <see cref="NearestKeys"/>.
/// </summary>
/// <remarks>
/// With patches of side p = q · s + r on a grid of step s the image is cut into cells of s × s. Squared differences
/// are summed over each cell (GT), its left r columns (GU), its upper r rows (HT) and both (HU). A patch is then
/// <code>
///   T = GT of q cells down + HT of the next        distance = T of q cells along + U of the next
///   U = GU of q cells down + HU of the next
/// </code>
/// A lane is a grid point of a row. So that neighbouring grid points are neighbours in memory, each row of the image
/// is laid out by phase: all columns ≡ 0 modulo s first, then all ≡ 1, …
/// </remarks>
/// <typeparam name="TShape">p and s.</typeparam>
internal readonly ref struct PatchDistances<TShape> : ILaneKernel
    where TShape : struct, IPatchShape
{
    private readonly PatchGridMemory _memory;
    private readonly ReadOnlySpan<float> _reference;
    private readonly ReadOnlySpan<float> _candidate;
    private readonly ReadOnlySpan<int> _referencePhases;
    private readonly ReadOnlySpan<int> _candidatePhases;
    private readonly int _lanes;
    private readonly int _gridRows;
    private readonly int _rank;

    /// <param name="memory">
    /// The rows by phase, scratch memory, and the slots: one for each lane of each grid row.
    /// </param>
    /// <param name="referenceRow">The row by phase where the grid begins.</param>
    /// <param name="candidateRow">The same plus the vertical displacement.</param>
    /// <param name="referencePhases">Where in a row each column of the first cell begins.</param>
    /// <param name="candidatePhases">The same after the horizontal displacement.</param>
    /// <param name="lanes">
    /// Lanes of a grid row, a multiple of 16, the cells that the last patch reaches included.
    /// </param>
    /// <param name="gridRows">Rows of the grid.</param>
    /// <param name="rank">The displacement's rank.</param>
    public PatchDistances(
        PatchGridMemory memory, int referenceRow, int candidateRow, ReadOnlySpan<int> referencePhases,
        ReadOnlySpan<int> candidatePhases, int lanes, int gridRows, int rank)
    {
        (_memory, _lanes, _gridRows, _rank) = (memory, lanes, gridRows, rank);
        _reference = memory.RowsFrom(referenceRow);
        _candidate = memory.RowsFrom(candidateRow);
        _referencePhases = referencePhases;
        _candidatePhases = candidatePhases;
    }

    private int CellRows => _gridRows + TShape.Whole + (TShape.Rest > 0 ? 0 : -1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<T, TLanes>(int from, int count)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        if (from < count)
        {
            SumCells<T, TLanes>();
            SumColumns<T, TLanes>();
            SumPatches<T, TLanes>();
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumCells<T, TLanes>()
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        int row = _memory.RowLength, lanes = _lanes, cellRows = CellRows;
        ref float sums = ref MemoryMarshal.GetReference(_memory.Sums);
        ref readonly float references = ref MemoryMarshal.GetReference(_reference);
        ref readonly float candidates = ref MemoryMarshal.GetReference(_candidate);
        ref readonly float r0 = ref Unsafe.Add(ref Unsafe.AsRef(in references), _referencePhases[0]);
        ref readonly float c0 = ref Unsafe.Add(ref Unsafe.AsRef(in candidates), _candidatePhases[0]);
        ref readonly float r1 = ref Unsafe.Add(ref Unsafe.AsRef(in references), _referencePhases[1]);
        ref readonly float c1 = ref Unsafe.Add(ref Unsafe.AsRef(in candidates), _candidatePhases[1]);
        ref readonly float r2 = ref Unsafe.Add(ref Unsafe.AsRef(in references), _referencePhases[2]);
        ref readonly float c2 = ref Unsafe.Add(ref Unsafe.AsRef(in candidates), _candidatePhases[2]);
        ref readonly float r3 =
            ref Unsafe.Add(ref Unsafe.AsRef(in references), TShape.Step > 3 ? _referencePhases[3] : 0);
        ref readonly float c3 =
            ref Unsafe.Add(ref Unsafe.AsRef(in candidates), TShape.Step > 3 ? _candidatePhases[3] : 0);
        for (int cell = 0; cell < cellRows; cell++)
        {
            for (int lane = 0; lane < lanes; lane += TLanes.Count)
            {
                // near: the left columns of the row, far: the others.
                T near = TLanes.Of(0), far = TLanes.Of(0);
                int at = (cell * TShape.Step * row) + lane;
                for (int y = 0; y < TShape.Rest; y++, at += row)
                {
                    if (TShape.Rest > 0)
                    {
                        near = Squared<T, TLanes>(in r0, in c0, at, near);
                    }
                    else
                    {
                        far = Squared<T, TLanes>(in r0, in c0, at, far);
                    }

                    if (TShape.Rest > 1)
                    {
                        near = Squared<T, TLanes>(in r1, in c1, at, near);
                    }
                    else
                    {
                        far = Squared<T, TLanes>(in r1, in c1, at, far);
                    }

                    if (TShape.Rest > 2)
                    {
                        near = Squared<T, TLanes>(in r2, in c2, at, near);
                    }
                    else
                    {
                        far = Squared<T, TLanes>(in r2, in c2, at, far);
                    }

                    if (TShape.Rest > 3)
                    {
                        near = Squared<T, TLanes>(in r3, in c3, at, near);
                    }
                    else if (TShape.Step > 3)
                    {
                        far = Squared<T, TLanes>(in r3, in c3, at, far);
                    }
                }

                T both = near, upper = far;
                if (TShape.Rest > 0)
                {
                    near = far = TLanes.Of(0);
                }

                for (int y = TShape.Rest; y < TShape.Step; y++, at += row)
                {
                    if (TShape.Rest > 0)
                    {
                        near = Squared<T, TLanes>(in r0, in c0, at, near);
                    }
                    else
                    {
                        far = Squared<T, TLanes>(in r0, in c0, at, far);
                    }

                    if (TShape.Rest > 1)
                    {
                        near = Squared<T, TLanes>(in r1, in c1, at, near);
                    }
                    else
                    {
                        far = Squared<T, TLanes>(in r1, in c1, at, far);
                    }

                    if (TShape.Rest > 2)
                    {
                        near = Squared<T, TLanes>(in r2, in c2, at, near);
                    }
                    else
                    {
                        far = Squared<T, TLanes>(in r2, in c2, at, far);
                    }

                    if (TShape.Rest > 3)
                    {
                        near = Squared<T, TLanes>(in r3, in c3, at, near);
                    }
                    else if (TShape.Step > 3)
                    {
                        far = Squared<T, TLanes>(in r3, in c3, at, far);
                    }
                }

                ref float to = ref Unsafe.Add(ref sums, (cell * PatchGridMemory.Kinds * lanes) + lane);
                if (TShape.Rest == 0)
                {
                    TLanes.Store(far, ref to, 0);
                    continue;
                }

                T top = TLanes.Add(both, upper);
                TLanes.Store(TLanes.Add(top, TLanes.Add(near, far)), ref to, 0);
                TLanes.Store(TLanes.Add(both, near), ref to, lanes);
                TLanes.Store(top, ref to, 2 * lanes);
                TLanes.Store(both, ref to, 3 * lanes);
            }
        }
    }

    /// <summary>
    /// T and U of every grid row. A loop of its own: what it stores has reached the cache when it is loaded again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumColumns<T, TLanes>()
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        int lanes = _lanes, cells = PatchGridMemory.Kinds * lanes;
        ref float sums = ref MemoryMarshal.GetReference(_memory.Sums);
        ref float along = ref MemoryMarshal.GetReference(_memory.Along);
        ref float edge = ref MemoryMarshal.GetReference(_memory.Edge);
        for (int row = 0; row < _gridRows; row++)
        {
            for (int lane = 0; lane < lanes; lane += TLanes.Count)
            {
                ref float cell = ref Unsafe.Add(ref sums, (row * cells) + lane);
                T t = TLanes.Load(in cell, 0);
                t = TShape.Whole > 1 ? TLanes.Add(t, TLanes.Load(in cell, cells)) : t;
                t = TShape.Whole > 2 ? TLanes.Add(t, TLanes.Load(in cell, 2 * cells)) : t;
                if (TShape.Rest > 0)
                {
                    T u = TLanes.Load(in cell, lanes);
                    u = TShape.Whole > 1 ? TLanes.Add(u, TLanes.Load(in cell, cells + lanes)) : u;
                    u = TShape.Whole > 2 ? TLanes.Add(u, TLanes.Load(in cell, (2 * cells) + lanes)) : u;
                    t = TLanes.Add(t, TLanes.Load(in cell, (TShape.Whole * cells) + (2 * lanes)));
                    u = TLanes.Add(u, TLanes.Load(in cell, (TShape.Whole * cells) + (3 * lanes)));
                    TLanes.Store(u, ref edge, (row * lanes) + lane);
                }

                TLanes.Store(t, ref along, (row * lanes) + lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumPatches<T, TLanes>()
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        ref float along = ref MemoryMarshal.GetReference(_memory.Along);
        ref float edge = ref MemoryMarshal.GetReference(_memory.Edge);
        ref readonly float bounds = ref MemoryMarshal.GetReference(_memory.Nearest.Bounds);
        int slots = _gridRows * _lanes;
        for (int slot = 0; slot < slots; slot += TLanes.Count)
        {
            // The last lanes of a row reach into the next row or beyond the end: no slot is open there.
            T distance = TLanes.Load(in along, slot);
            distance = TShape.Whole > 1 ? TLanes.Add(distance, TLanes.Load(in along, slot + 1)) : distance;
            distance = TShape.Whole > 2 ? TLanes.Add(distance, TLanes.Load(in along, slot + 2)) : distance;
            distance = TShape.Rest > 0 ? TLanes.Add(distance, TLanes.Load(in edge, slot + TShape.Whole)) : distance;
            uint near = TLanes.WhereLess(distance, TLanes.Load(in bounds, slot));
            if (near != 0)
            {
                Offer<T, TLanes>(distance, near, slot);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Offer<T, TLanes>(T distance, uint near, int slot)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        Span<float> lanes = stackalloc float[16];
        TLanes.Store(distance, ref lanes[0], 0);
        for (; near != 0; near &= near - 1)
        {
            int i = BitOperations.TrailingZeroCount(near);
            _memory.Nearest.Offer(slot + i, lanes[i], _rank);
        }
    }

    /// <summary>sum += d², d the difference at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Squared<T, TLanes>(ref readonly float reference, ref readonly float candidate, int at, T sum)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T difference = TLanes.Subtract(TLanes.Load(in reference, at), TLanes.Load(in candidate, at));
        return TLanes.FusedMultiplyAdd(difference, difference, sum);
    }
}
