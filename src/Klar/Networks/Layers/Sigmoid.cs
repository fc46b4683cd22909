using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Klar.Numerics;

namespace Klar.Networks.Layers;

/// <summary>s(z) = 1 / (1 + e^−z), with s' = s (1 − s).</summary>
internal sealed record Sigmoid(int Channels) : Layer(Channels)
{
    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        for (int y = 0; y < output.Height; y++)
        {
            LaneKernel.Run(new Values(inputs[0].Row(y), output.Row(y)), output.Row(y).Length);
            ClearPadding(output, y);
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        if (inputGradients[0] is { } dx)
        {
            for (int y = 0; y < output.Height; y++)
            {
                LaneKernel.Run(new Slopes(output.Row(y), outputGradient.Row(y), dx.Row(y)), dx.Row(y).Length);
            }
        }
    }

    private static void ClearPadding(FeatureMap map, int y)
    {
        for (int at = map.Channels; at < map.Width * map.Stride && map.Channels < map.Stride; at += map.Stride)
        {
            map.Row(y).Slice(at, map.Stride - map.Channels).Clear();
        }
    }

    /// <remarks>
    /// e^−|z| never overflows: s(z) = 1 / (1 + e^−|z|) for z &gt; 0 and e^−|z| / (1 + e^−|z|) else. A lane is a
    /// number.
    /// </remarks>
    private readonly ref struct Values(ReadOnlySpan<float> from, Span<float> to) : ILaneKernel
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
                T z = TLanes.Load(in source, i);
                T e = ExponentialOf<T, TLanes>.NotPositive(TLanes.Min(z, TLanes.Subtract(TLanes.Of(0), z)));
                T share = TLanes.Divide(TLanes.WherePositive(z, TLanes.Of(1), e), TLanes.Add(TLanes.Of(1), e));
                TLanes.Store(share, ref to, i);
            }

            return i;
        }
    }

    private readonly ref struct Slopes(
        ReadOnlySpan<float> values, ReadOnlySpan<float> gradient, Span<float> to) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _values = values, _gradient = gradient;
        private readonly Span<float> _to = to;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float values = ref MemoryMarshal.GetReference(_values);
            ref readonly float gradient = ref MemoryMarshal.GetReference(_gradient);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T s = TLanes.Load(in values, i);
                T slope = TLanes.Multiply(s, TLanes.Subtract(TLanes.Of(1), s));
                TLanes.Store(TLanes.Multiply(slope, TLanes.Load(in gradient, i)), ref to, i);
            }

            return i;
        }
    }
}
