using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Klar.Numerics;

namespace Klar.Networks;

/// <summary>The leaky rectifier, in place, and its derivative. A lane is a number.</summary>
internal static class Rectifier
{
    /// <summary>a = max(z, slope · z), for slope from 0 to 1.</summary>
    public static void Forward(Span<float> values, float slope)
    {
        if (slope != 1)
        {
            LaneKernel.Run(new Leak(values, slope), values.Length);
        }
    }

    /// <summary>gradient = outputs &gt; 0 ? gradient : slope · gradient. The output's sign is the input's.</summary>
    public static void Backward(ReadOnlySpan<float> outputs, Span<float> gradient, float slope)
    {
        if (slope != 1)
        {
            LaneKernel.Run(new LeakBackward(outputs, gradient, slope), gradient.Length);
        }
    }

    private readonly ref struct Leak(Span<float> values, float slope) : ILaneKernel
    {
        private readonly Span<float> _values = values;
        private readonly float _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float values = ref MemoryMarshal.GetReference(_values);
            T slope = TLanes.Of(_slope);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T z = TLanes.Load(in values, i);
                TLanes.Store(TLanes.Max(z, TLanes.Multiply(z, slope)), ref values, i);
            }

            return i;
        }
    }

    private readonly ref struct LeakBackward(
        ReadOnlySpan<float> outputs, Span<float> gradient, float slope) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _outputs = outputs;
        private readonly Span<float> _gradient = gradient;
        private readonly float _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float outputs = ref MemoryMarshal.GetReference(_outputs);
            ref float gradient = ref MemoryMarshal.GetReference(_gradient);
            T slope = TLanes.Of(_slope);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T g = TLanes.Load(in gradient, i);
                TLanes.Store(
                    TLanes.WherePositive(TLanes.Load(in outputs, i), g, TLanes.Multiply(g, slope)), ref gradient, i);
            }

            return i;
        }
    }
}
