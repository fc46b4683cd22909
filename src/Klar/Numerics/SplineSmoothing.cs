using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// One level of the à trous algorithm: smoothing along rows or columns by the B3 spline (1, 4, 6, 4, 1) / 16 with
/// holes. A lane is a sample.
/// </summary>
/// <remarks>Starck, Murtagh and Bertero, «Starlet transform in astronomical data processing», 2011.</remarks>
internal static class SplineSmoothing
{
    /// <summary>to[i] = (a[i] + 4 b[i] + 6 c[i] + 4 d[i] + e[i]) / 16.</summary>
    public static void Mean(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d,
        ReadOnlySpan<float> e, Span<float> to)
    {
        int length = to.Length;
        Debug.Assert(
            Math.Min(Math.Min(a.Length, b.Length), Math.Min(Math.Min(c.Length, d.Length), e.Length)) >= length,
            "A row is too short.");
        LaneKernel.Run(new MeanKernel(a, b, c, d, e, to), length);
    }

    /// <summary>to[i] = the greatest of a[i], b[i] and c[i].</summary>
    public static void Max(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> to)
    {
        Debug.Assert(Math.Min(a.Length, Math.Min(b.Length, c.Length)) >= to.Length, "A row is too short.");
        LaneKernel.Run(new MaxKernel(a, b, c, to), to.Length);
    }

    private readonly ref struct MeanKernel(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d,
        ReadOnlySpan<float> e, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _a = a;
        private readonly ReadOnlySpan<float> _b = b;
        private readonly ReadOnlySpan<float> _c = c;
        private readonly ReadOnlySpan<float> _d = d;
        private readonly ReadOnlySpan<float> _e = e;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float a = ref MemoryMarshal.GetReference(_a);
            ref readonly float b = ref MemoryMarshal.GetReference(_b);
            ref readonly float c = ref MemoryMarshal.GetReference(_c);
            ref readonly float d = ref MemoryMarshal.GetReference(_d);
            ref readonly float e = ref MemoryMarshal.GetReference(_e);
            ref float to = ref MemoryMarshal.GetReference(_to);
            (T outer, T inner, T middle) = (TLanes.Of(1f / 16), TLanes.Of(4f / 16), TLanes.Of(6f / 16));
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T sum = TLanes.Multiply(outer, TLanes.Add(TLanes.Load(in a, i), TLanes.Load(in e, i)));
                T near = TLanes.Add(TLanes.Load(in b, i), TLanes.Load(in d, i));
                sum = TLanes.FusedMultiplyAdd(inner, near, sum);
                TLanes.Store(TLanes.FusedMultiplyAdd(middle, TLanes.Load(in c, i), sum), ref to, i);
            }

            return i;
        }
    }

    private readonly ref struct MaxKernel(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _a = a;
        private readonly ReadOnlySpan<float> _b = b;
        private readonly ReadOnlySpan<float> _c = c;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float a = ref MemoryMarshal.GetReference(_a);
            ref readonly float b = ref MemoryMarshal.GetReference(_b);
            ref readonly float c = ref MemoryMarshal.GetReference(_c);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T greater = TLanes.Max(TLanes.Load(in a, i), TLanes.Load(in b, i));
                TLanes.Store(TLanes.Max(greater, TLanes.Load(in c, i)), ref to, i);
            }

            return i;
        }
    }
}
