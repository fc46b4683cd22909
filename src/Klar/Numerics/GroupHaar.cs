using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>
/// The orthonormal Haar transform along a group: of each coefficient over <c>count</c> patches, a power of two. A
/// lane is a coefficient.
/// </summary>
internal static class GroupHaar
{
    private const float RootHalf = 0.70710678f;

    /// <summary>In place; <paramref name="scratch"/> is as large. Row 0 becomes the mean times √count.</summary>
    public static void Forward(Span<float> group, int count, int stride, Span<float> scratch)
    {
        for (int size = count; size > 1; size /= 2)
        {
            for (int i = 0; i < size / 2; i++)
            {
                Butterfly(
                    group.Slice(2 * i * stride, stride), group.Slice(((2 * i) + 1) * stride, stride),
                    scratch.Slice(i * stride, stride), scratch.Slice(((size / 2) + i) * stride, stride));
            }

            scratch[..(size * stride)].CopyTo(group);
        }
    }

    /// <summary>The way back.</summary>
    public static void Inverse(Span<float> group, int count, int stride, Span<float> scratch)
    {
        for (int size = 2; size <= count; size *= 2)
        {
            for (int i = 0; i < size / 2; i++)
            {
                Butterfly(
                    group.Slice(i * stride, stride), group.Slice(((size / 2) + i) * stride, stride),
                    scratch.Slice(2 * i * stride, stride), scratch.Slice(((2 * i) + 1) * stride, stride));
            }

            scratch[..(size * stride)].CopyTo(group);
        }
    }

    private static void Butterfly(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum, Span<float> difference) =>
        LaneKernel.Run(new ButterflyKernel(a, b, sum, difference), a.Length);

    private readonly ref struct ButterflyKernel(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum, Span<float> difference) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _a = a, _b = b;
        private readonly Span<float> _sum = sum, _difference = difference;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref readonly float a = ref MemoryMarshal.GetReference(_a);
            ref readonly float b = ref MemoryMarshal.GetReference(_b);
            ref float sum = ref MemoryMarshal.GetReference(_sum);
            ref float difference = ref MemoryMarshal.GetReference(_difference);
            T scale = TLanes.Of(RootHalf);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T x = TLanes.Load(in a, i), y = TLanes.Load(in b, i);
                TLanes.Store(TLanes.Multiply(scale, TLanes.Add(x, y)), ref sum, i);
                TLanes.Store(TLanes.Multiply(scale, TLanes.Subtract(x, y)), ref difference, i);
            }

            return i;
        }
    }
}
