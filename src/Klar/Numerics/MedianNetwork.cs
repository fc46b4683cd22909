using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// Medians of 3 × 3 and 5 × 5 windows by networks of minimum and maximum. A lane is a pixel of the row. Columns
/// are sorted first, for 5 × 5 once for all windows that share them; the medians are then taken across neighbouring
/// columns.
/// </summary>
internal static class MedianNetwork
{
    /// <summary>
    /// to[i] = the median of columns i to i + 2 of the three rows that begin at <paramref name="offsets"/>.
    /// </summary>
    public static void Median3x3(ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, Span<float> to) =>
        LaneKernel.Run(new Windows3(rows, offsets, to), to.Length);

    /// <summary>
    /// Sorts each of <paramref name="count"/> columns of the five rows that begin at <paramref name="offsets"/>; the
    /// values of
    /// rank r go to row r of <paramref name="sorted"/>.
    /// </summary>
    public static void SortColumns5(
        ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, int count, Span<float> sorted, int stride)
    {
        Debug.Assert(count <= stride, "The columns do not fit into a row.");
        LaneKernel.Run(new Columns5(rows, offsets, stride, sorted), count);
    }

    /// <summary>Medians of five neighbouring sorted columns: <paramref name="to"/>[i] of columns i to i + 4.</summary>
    public static void Median5x5(ReadOnlySpan<float> sorted, int stride, Span<float> to)
    {
        Debug.Assert(to.Length + 4 <= stride, "The columns do not cover the row.");
        LaneKernel.Run(new Windows5(sorted, stride, to), to.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort<T, TLanes>(ref T a, ref T b)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        (a, b) = (TLanes.Min(a, b), TLanes.Max(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort3<T, TLanes>(ref T a, ref T b, ref T c)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        Sort<T, TLanes>(ref a, ref b);
        Sort<T, TLanes>(ref b, ref c);
        Sort<T, TLanes>(ref a, ref b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Middle<T, TLanes>(T a, T b, T c)
        where T : struct
        where TLanes : struct, ILanes<T> =>
        TLanes.Max(TLanes.Min(a, b), TLanes.Min(TLanes.Max(a, b), c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort5<T, TLanes>(ref T a, ref T b, ref T c, ref T d, ref T e)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        Sort<T, TLanes>(ref a, ref b);
        Sort<T, TLanes>(ref d, ref e);
        Sort<T, TLanes>(ref c, ref e);
        Sort<T, TLanes>(ref c, ref d);
        Sort<T, TLanes>(ref b, ref e);
        Sort<T, TLanes>(ref a, ref d);
        Sort<T, TLanes>(ref a, ref c);
        Sort<T, TLanes>(ref b, ref d);
        Sort<T, TLanes>(ref b, ref c);
    }

    /// <remarks>
    /// Each output sorts its three columns itself: three times the work of sorting once for all, but in registers,
    /// and nothing is written and read again.
    /// </remarks>
    private readonly ref struct Windows3(
        ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _rows = rows;
        private readonly ReadOnlySpan<int> _offsets = offsets;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float r0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(_rows), _offsets[0]);
            ref readonly float r1 = ref Unsafe.Add(ref MemoryMarshal.GetReference(_rows), _offsets[1]);
            ref readonly float r2 = ref Unsafe.Add(ref MemoryMarshal.GetReference(_rows), _offsets[2]);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T a0 = TLanes.Load(in r0, i), b0 = TLanes.Load(in r1, i), c0 = TLanes.Load(in r2, i);
                T a1 = TLanes.Load(in r0, i + 1), b1 = TLanes.Load(in r1, i + 1), c1 = TLanes.Load(in r2, i + 1);
                T a2 = TLanes.Load(in r0, i + 2), b2 = TLanes.Load(in r1, i + 2), c2 = TLanes.Load(in r2, i + 2);
                Sort3<T, TLanes>(ref a0, ref b0, ref c0);
                Sort3<T, TLanes>(ref a1, ref b1, ref c1);
                Sort3<T, TLanes>(ref a2, ref b2, ref c2);

                // The largest of the lowest, the middle of the middles, the smallest of the highest; and their middle.
                T low = TLanes.Max(TLanes.Max(a0, a1), a2);
                T middle = Middle<T, TLanes>(b0, b1, b2);
                T high = TLanes.Min(TLanes.Min(c0, c1), c2);
                TLanes.Store(Middle<T, TLanes>(low, middle, high), ref to, i);
            }

            return i;
        }
    }

    private readonly ref struct Columns5(
        ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, int stride, Span<float> sorted) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _rows = rows;
        private readonly ReadOnlySpan<int> _offsets = offsets;
        private readonly int _stride = stride;
        private readonly Span<float> _sorted = sorted;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float rows = ref MemoryMarshal.GetReference(_rows);
            ref float sorted = ref MemoryMarshal.GetReference(_sorted);
            (int o0, int o1, int o2, int o3, int o4) =
                (_offsets[0], _offsets[1], _offsets[2], _offsets[3], _offsets[4]);
            int stride = _stride;
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T a = TLanes.Load(in rows, o0 + i), b = TLanes.Load(in rows, o1 + i), c = TLanes.Load(in rows, o2 + i);
                T d = TLanes.Load(in rows, o3 + i), e = TLanes.Load(in rows, o4 + i);
                Sort5<T, TLanes>(ref a, ref b, ref c, ref d, ref e);
                TLanes.Store(a, ref sorted, i);
                TLanes.Store(b, ref sorted, stride + i);
                TLanes.Store(c, ref sorted, (2 * stride) + i);
                TLanes.Store(d, ref sorted, (3 * stride) + i);
                TLanes.Store(e, ref sorted, (4 * stride) + i);
            }

            return i;
        }
    }

    /// <remarks>
    /// With columns sorted downwards and each rank sorted across, entry (i, j) is no smaller than (i+1)(j+1) of the 25
    /// values and no larger than (5−i)(5−j) of them; where either count passes 13 it cannot be the median. Thirteen
    /// entries remain, six fell out below and six above: the median of the thirteen is the median of all.
    /// </remarks>
    private readonly ref struct Windows5(ReadOnlySpan<float> sorted, int stride, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _sorted = sorted;
        private readonly int _stride = stride;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float s = ref MemoryMarshal.GetReference(_sorted);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int stride = _stride;
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                // Rank 0: only the two largest matter; rank 4: the two smallest; ranks 1 and 3: three; rank 2: the
                // middle three.
                T a0 = TLanes.Load(in s, i), a1 = TLanes.Load(in s, i + 1), a2 = TLanes.Load(in s, i + 2),
                    a3 = TLanes.Load(in s, i + 3), a4 = TLanes.Load(in s, i + 4);
                Sort5<T, TLanes>(ref a0, ref a1, ref a2, ref a3, ref a4);
                int k = i + stride;
                T b0 = TLanes.Load(in s, k), b1 = TLanes.Load(in s, k + 1), b2 = TLanes.Load(in s, k + 2),
                    b3 = TLanes.Load(in s, k + 3), b4 = TLanes.Load(in s, k + 4);
                Sort5<T, TLanes>(ref b0, ref b1, ref b2, ref b3, ref b4);
                k += stride;
                T c0 = TLanes.Load(in s, k), c1 = TLanes.Load(in s, k + 1), c2 = TLanes.Load(in s, k + 2),
                    c3 = TLanes.Load(in s, k + 3), c4 = TLanes.Load(in s, k + 4);
                Sort5<T, TLanes>(ref c0, ref c1, ref c2, ref c3, ref c4);
                k += stride;
                T d0 = TLanes.Load(in s, k), d1 = TLanes.Load(in s, k + 1), d2 = TLanes.Load(in s, k + 2),
                    d3 = TLanes.Load(in s, k + 3), d4 = TLanes.Load(in s, k + 4);
                Sort5<T, TLanes>(ref d0, ref d1, ref d2, ref d3, ref d4);
                k += stride;
                T e0 = TLanes.Load(in s, k), e1 = TLanes.Load(in s, k + 1), e2 = TLanes.Load(in s, k + 2),
                    e3 = TLanes.Load(in s, k + 3), e4 = TLanes.Load(in s, k + 4);
                Sort5<T, TLanes>(ref e0, ref e1, ref e2, ref e3, ref e4);
                TLanes.Store(Of13<T, TLanes>(a3, a4, b2, b3, b4, c1, c2, c3, d0, d1, d2, e0, e1), ref to, i);
            }

            return i;
        }

        /// <summary>
        /// Forgetful selection: of the first eight drop the extremes, then add one value and drop two, until one is
        /// left.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Of13<T, TLanes>(T a, T b, T c, T d, T e, T f, T g, T h, T i, T j, T k, T l, T m)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            // Eight: a..h; smallest to a, largest to h.
            Sort<T, TLanes>(ref a, ref b);
            Sort<T, TLanes>(ref c, ref d);
            Sort<T, TLanes>(ref e, ref f);
            Sort<T, TLanes>(ref g, ref h);
            Sort<T, TLanes>(ref a, ref c);
            Sort<T, TLanes>(ref e, ref g);
            Sort<T, TLanes>(ref a, ref e);
            Sort<T, TLanes>(ref b, ref d);
            Sort<T, TLanes>(ref f, ref h);
            Sort<T, TLanes>(ref d, ref h);

            // Seven: b..g and i.
            Sort<T, TLanes>(ref b, ref c);
            Sort<T, TLanes>(ref d, ref e);
            Sort<T, TLanes>(ref f, ref g);
            Sort<T, TLanes>(ref b, ref d);
            Sort<T, TLanes>(ref b, ref f);
            Sort<T, TLanes>(ref b, ref i);
            Sort<T, TLanes>(ref c, ref e);
            Sort<T, TLanes>(ref e, ref g);
            Sort<T, TLanes>(ref g, ref i);

            // Six: c..g and j.
            Sort<T, TLanes>(ref c, ref d);
            Sort<T, TLanes>(ref e, ref f);
            Sort<T, TLanes>(ref g, ref j);
            Sort<T, TLanes>(ref c, ref e);
            Sort<T, TLanes>(ref c, ref g);
            Sort<T, TLanes>(ref d, ref f);
            Sort<T, TLanes>(ref f, ref j);

            // Five: d..g and k.
            Sort<T, TLanes>(ref d, ref e);
            Sort<T, TLanes>(ref f, ref g);
            Sort<T, TLanes>(ref d, ref f);
            Sort<T, TLanes>(ref d, ref k);
            Sort<T, TLanes>(ref e, ref g);
            Sort<T, TLanes>(ref g, ref k);

            // Four: e, f, g and l; three: f, g... and m; the middle of those is the median.
            Sort<T, TLanes>(ref e, ref f);
            Sort<T, TLanes>(ref g, ref l);
            Sort<T, TLanes>(ref e, ref g);
            Sort<T, TLanes>(ref f, ref l);
            return Middle<T, TLanes>(f, g, m);
        }
    }
}
