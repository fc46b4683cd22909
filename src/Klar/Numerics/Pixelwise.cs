using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>Operations number by number. A lane is a number.</summary>
internal static class Pixelwise
{
    /// <summary>to[i] += from[i].</summary>
    public static void Add(ReadOnlySpan<float> from, Span<float> to)
    {
        Debug.Assert(from.Length == to.Length, "Rows differ in length.");
        LaneKernel.Run(new AddKernel(from, to), to.Length);
    }

    /// <summary>to[i] += share · (from[i] − to[i]).</summary>
    public static void MoveTowards(ReadOnlySpan<float> from, float share, Span<float> to)
    {
        Debug.Assert(from.Length == to.Length, "Rows differ in length.");
        LaneKernel.Run(new MoveKernel(from, share, to), to.Length);
    }

    /// <summary>samples[i] ·= factor.</summary>
    public static void Scale(Span<float> samples, float factor) =>
        LaneKernel.Run(new ScaleKernel(samples, factor), samples.Length);

    private readonly ref struct ScaleKernel(Span<float> samples, float factor) : ILaneKernel
    {
        private readonly Span<float> _samples = samples;
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float samples = ref MemoryMarshal.GetReference(_samples);
            T factor = TLanes.Of(_factor);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.Multiply(factor, TLanes.Load(in samples, i)), ref samples, i);
            }

            return i;
        }
    }

    private readonly ref struct MoveKernel(ReadOnlySpan<float> from, float share, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _from = from;
        private readonly Span<float> _to = to;
        private readonly float _share = share;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float source = ref MemoryMarshal.GetReference(_from);
            ref float to = ref MemoryMarshal.GetReference(_to);
            T share = TLanes.Of(_share);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T old = TLanes.Load(in to, i);
                TLanes.Store(
                    TLanes.FusedMultiplyAdd(share, TLanes.Subtract(TLanes.Load(in source, i), old), old), ref to, i);
            }

            return i;
        }
    }

    private readonly ref struct AddKernel(ReadOnlySpan<float> from, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _from = from;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float source = ref MemoryMarshal.GetReference(_from);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.Add(TLanes.Load(in to, i), TLanes.Load(in source, i)), ref to, i);
            }

            return i;
        }
    }
}
