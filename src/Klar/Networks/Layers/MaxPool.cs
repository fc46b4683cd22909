using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Klar.Numerics;

namespace Klar.Networks.Layers;

/// <summary>
/// The largest of every 2 × 2 cell; an odd last row or column is left out. The gradient goes to the first of the
/// largest, row by row.
/// </summary>
internal sealed record MaxPool(int Channels) : Layer(Channels)
{
    public override (int Width, int Height) SizeOf(int width, int height) => (width / 2, height / 2);

    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        FeatureMap x = inputs[0];
        for (int y = 0; y < output.Height; y++)
        {
            LaneKernel.Run(
                new Largest(x.Row(2 * y), x.Row((2 * y) + 1), output.Row(y), x.Stride), output.Row(y).Length);
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        if (inputGradients[0] is not { } dx)
        {
            return;
        }

        FeatureMap x = inputs[0];
        if (x.Width % 2 != 0 || x.Height % 2 != 0)
        {
            dx.Values.AsSpan().Clear();
        }

        for (int y = 0; y < output.Height; y++)
        {
            LaneKernel.Run(
                new ToLargest(
                    x.Row(2 * y), x.Row((2 * y) + 1), output.Row(y), outputGradient.Row(y), dx.Row(2 * y),
                    dx.Row((2 * y) + 1), x.Stride), output.Row(y).Length);
        }
    }

    /// <summary>
    /// Where the first pixel's number of the cell stands that makes number <paramref name="i"/>; lanes are channels
    /// of one pixel, whose stride is whole registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Source(int i, int stride) => (i / stride * 2 * stride) + (i % stride);

    private readonly ref struct Largest(
        ReadOnlySpan<float> above, ReadOnlySpan<float> below, Span<float> to, int stride) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _above = above, _below = below;
        private readonly Span<float> _to = to;
        private readonly int _stride = stride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float above = ref MemoryMarshal.GetReference(_above);
            ref readonly float below = ref MemoryMarshal.GetReference(_below);
            ref float to = ref MemoryMarshal.GetReference(_to);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                int at = Source(i, _stride);
                T upper = TLanes.Max(TLanes.Load(in above, at), TLanes.Load(in above, at + _stride));
                TLanes.Store(
                    TLanes.Max(upper, TLanes.Max(TLanes.Load(in below, at), TLanes.Load(in below, at + _stride))),
                    ref to, i);
            }

            return i;
        }
    }

    private readonly ref struct ToLargest(
        ReadOnlySpan<float> above, ReadOnlySpan<float> below, ReadOnlySpan<float> largest,
        ReadOnlySpan<float> gradient, Span<float> toAbove, Span<float> toBelow, int stride) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _above = above, _below = below, _largest = largest, _gradient = gradient;
        private readonly Span<float> _toAbove = toAbove, _toBelow = toBelow;
        private readonly int _stride = stride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float above = ref MemoryMarshal.GetReference(_above);
            ref readonly float below = ref MemoryMarshal.GetReference(_below);
            ref readonly float largest = ref MemoryMarshal.GetReference(_largest);
            ref readonly float gradient = ref MemoryMarshal.GetReference(_gradient);
            ref float toAbove = ref MemoryMarshal.GetReference(_toAbove);
            ref float toBelow = ref MemoryMarshal.GetReference(_toBelow);
            T none = TLanes.Of(0);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                // What one takes is not left for the next.
                int at = Source(i, _stride);
                T m = TLanes.Load(in largest, i), left = TLanes.Load(in gradient, i);
                T taken = TLanes.WherePositive(TLanes.Subtract(m, TLanes.Load(in above, at)), none, left);
                TLanes.Store(taken, ref toAbove, at);
                left = TLanes.Subtract(left, taken);
                taken = TLanes.WherePositive(TLanes.Subtract(m, TLanes.Load(in above, at + _stride)), none, left);
                TLanes.Store(taken, ref toAbove, at + _stride);
                left = TLanes.Subtract(left, taken);
                taken = TLanes.WherePositive(TLanes.Subtract(m, TLanes.Load(in below, at)), none, left);
                TLanes.Store(taken, ref toBelow, at);
                TLanes.Store(TLanes.Subtract(left, taken), ref toBelow, at + _stride);
            }

            return i;
        }
    }
}
