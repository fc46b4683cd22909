using System.Runtime.CompilerServices;
using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// One of the small matrices of F(4×4, 3×3) applied to a column of numbers: <see cref="Inputs"/> come in, a fixed step
/// apart, <see cref="Outputs"/> go out. A lane is a channel.
/// </summary>
/// <remarks>
/// Lavin and Gray, «Fast Algorithms for Convolutional Neural Networks», CVPR 2016, sec. 4.3, points 0, ±1, ±2:
/// <code>
///      | 4  0 -5  0  1  0 |       |  1/4    0    0  |        | 1  1  1  1  1  0 |
///      | 0 -4 -4  1  1  0 |       | -1/6 -1/6 -1/6  |   Aᵀ = | 0  1 -1  2 -2  0 |
/// Bᵀ = | 0  4 -4 -1  1  0 |   G = | -1/6  1/6 -1/6  |        | 0  1  1  4  4  0 |
///      | 0 -2 -1  2  1  0 |       | 1/24 1/12  1/6  |        | 0  1 -1  8 -8  1 |
///      | 0  2 -1 -2  1  0 |       | 1/24-1/12  1/6  |
///      | 0  4  0 -5  0  1 |       |   0    0    1   |
/// </code>
/// </remarks>
internal interface IWinogradStep
{
    static abstract int Inputs { get; }

    static abstract int Outputs { get; }

    static abstract void Apply<T, TLanes>(ref readonly float from, int fromStep, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>;
}

/// <summary>Bᵀ d: a tile of the input.</summary>
internal readonly struct InputStep : IWinogradStep
{
    public static int Inputs => 6;

    public static int Outputs => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(ref readonly float from, int fromStep, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T d0 = TLanes.Load(in from, 0), d1 = TLanes.Load(in from, fromStep), d2 = TLanes.Load(in from, 2 * fromStep);
        T d3 = TLanes.Load(in from, 3 * fromStep), d4 = TLanes.Load(in from, 4 * fromStep),
            d5 = TLanes.Load(in from, 5 * fromStep);
        T four = TLanes.Of(4), minusFive = TLanes.Of(-5);
        T u = TLanes.Subtract(d3, d1), v = TLanes.Subtract(d4, d2);
        TLanes.Store(TLanes.FusedMultiplyAdd(four, d0, TLanes.FusedMultiplyAdd(minusFive, d2, d4)), ref to, 0);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Of(-4), TLanes.Add(d1, d2), TLanes.Add(d3, d4)), ref to, toStep);
        TLanes.Store(
            TLanes.FusedMultiplyAdd(four, TLanes.Subtract(d1, d2), TLanes.Subtract(d4, d3)), ref to, 2 * toStep);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Of(2), u, v), ref to, 3 * toStep);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Of(-2), u, v), ref to, 4 * toStep);
        TLanes.Store(TLanes.FusedMultiplyAdd(four, d1, TLanes.FusedMultiplyAdd(minusFive, d3, d5)), ref to, 5 * toStep);
    }
}

/// <summary>Aᵀ m: from products to a tile of the output.</summary>
internal readonly struct OutputStep : IWinogradStep
{
    public static int Inputs => 6;

    public static int Outputs => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(ref readonly float from, int fromStep, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T m0 = TLanes.Load(in from, 0), m1 = TLanes.Load(in from, fromStep), m2 = TLanes.Load(in from, 2 * fromStep);
        T m3 = TLanes.Load(in from, 3 * fromStep), m4 = TLanes.Load(in from, 4 * fromStep),
            m5 = TLanes.Load(in from, 5 * fromStep);
        T s1 = TLanes.Add(m1, m2), d1 = TLanes.Subtract(m1, m2), s2 = TLanes.Add(m3, m4), d2 = TLanes.Subtract(m3, m4);
        TLanes.Store(TLanes.Add(m0, TLanes.Add(s1, s2)), ref to, 0);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Of(2), d2, d1), ref to, toStep);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Of(4), s2, s1), ref to, 2 * toStep);
        TLanes.Store(TLanes.Add(TLanes.FusedMultiplyAdd(TLanes.Of(8), d2, d1), m5), ref to, 3 * toStep);
    }

    /// <summary>The same, and then a = max(y + bias, slope · (y + bias)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ApplyAndRectify<T, TLanes>(
        ref readonly float from, int fromStep, T bias, T slope, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T m0 = TLanes.Load(in from, 0), m1 = TLanes.Load(in from, fromStep), m2 = TLanes.Load(in from, 2 * fromStep);
        T m3 = TLanes.Load(in from, 3 * fromStep), m4 = TLanes.Load(in from, 4 * fromStep),
            m5 = TLanes.Load(in from, 5 * fromStep);
        T s1 = TLanes.Add(m1, m2), d1 = TLanes.Subtract(m1, m2), s2 = TLanes.Add(m3, m4), d2 = TLanes.Subtract(m3, m4);
        Rectify<T, TLanes>(TLanes.Add(TLanes.Add(m0, bias), TLanes.Add(s1, s2)), slope, ref to, 0);
        Rectify<T, TLanes>(TLanes.Add(TLanes.FusedMultiplyAdd(TLanes.Of(2), d2, d1), bias), slope, ref to, toStep);
        Rectify<T, TLanes>(TLanes.Add(TLanes.FusedMultiplyAdd(TLanes.Of(4), s2, s1), bias), slope, ref to, 2 * toStep);
        Rectify<T, TLanes>(
            TLanes.Add(TLanes.FusedMultiplyAdd(TLanes.Of(8), d2, d1), TLanes.Add(m5, bias)), slope, ref to, 3 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rectify<T, TLanes>(T z, T slope, ref float to, int at)
        where T : struct
        where TLanes : struct, ILanes<T> =>
        TLanes.Store(TLanes.Max(z, TLanes.Multiply(z, slope)), ref to, at);
}

/// <summary>A g: a tile of the output's gradient.</summary>
internal readonly struct OutputGradientStep : IWinogradStep
{
    public static int Inputs => 4;

    public static int Outputs => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(ref readonly float from, int fromStep, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T g0 = TLanes.Load(in from, 0), g1 = TLanes.Load(in from, fromStep);
        T g2 = TLanes.Load(in from, 2 * fromStep), g3 = TLanes.Load(in from, 3 * fromStep);
        T even = TLanes.Add(g0, g2), odd = TLanes.Add(g1, g3);
        T even2 = TLanes.FusedMultiplyAdd(TLanes.Of(4), g2, g0);
        T odd2 = TLanes.FusedMultiplyAdd(TLanes.Of(8), g3, TLanes.Add(g1, g1));
        TLanes.Store(g0, ref to, 0);
        TLanes.Store(TLanes.Add(even, odd), ref to, toStep);
        TLanes.Store(TLanes.Subtract(even, odd), ref to, 2 * toStep);
        TLanes.Store(TLanes.Add(even2, odd2), ref to, 3 * toStep);
        TLanes.Store(TLanes.Subtract(even2, odd2), ref to, 4 * toStep);
        TLanes.Store(g3, ref to, 5 * toStep);
    }
}

/// <summary>G w: the kernel.</summary>
internal readonly struct WeightStep : IWinogradStep
{
    public static int Inputs => 3;

    public static int Outputs => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(ref readonly float from, int fromStep, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T w0 = TLanes.Load(in from, 0), w1 = TLanes.Load(in from, fromStep), w2 = TLanes.Load(in from, 2 * fromStep);
        T ends = TLanes.Add(w0, w2), minusSixth = TLanes.Of(-1f / 6);
        T far = TLanes.FusedMultiplyAdd(TLanes.Of(1f / 24), w0, TLanes.Multiply(TLanes.Of(1f / 6), w2));
        T middle = TLanes.Multiply(TLanes.Of(1f / 12), w1);
        TLanes.Store(TLanes.Multiply(TLanes.Of(0.25f), w0), ref to, 0);
        TLanes.Store(TLanes.Multiply(minusSixth, TLanes.Add(ends, w1)), ref to, toStep);
        TLanes.Store(TLanes.Multiply(minusSixth, TLanes.Subtract(ends, w1)), ref to, 2 * toStep);
        TLanes.Store(TLanes.Add(far, middle), ref to, 3 * toStep);
        TLanes.Store(TLanes.Subtract(far, middle), ref to, 4 * toStep);
        TLanes.Store(w2, ref to, 5 * toStep);
    }
}

/// <summary>Gᵀ u: from products to the kernel's gradient.</summary>
internal readonly struct WeightGradientStep : IWinogradStep
{
    public static int Inputs => 6;

    public static int Outputs => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(ref readonly float from, int fromStep, ref float to, int toStep)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T u0 = TLanes.Load(in from, 0), u1 = TLanes.Load(in from, fromStep), u2 = TLanes.Load(in from, 2 * fromStep);
        T u3 = TLanes.Load(in from, 3 * fromStep), u4 = TLanes.Load(in from, 4 * fromStep),
            u5 = TLanes.Load(in from, 5 * fromStep);
        T near = TLanes.Multiply(TLanes.Of(-1f / 6), TLanes.Add(u1, u2)), far = TLanes.Add(u3, u4);
        T odd = TLanes.FusedMultiplyAdd(
            TLanes.Of(1f / 12), TLanes.Subtract(u3, u4), TLanes.Multiply(TLanes.Of(1f / 6), TLanes.Subtract(u2, u1)));
        TLanes.Store(
            TLanes.FusedMultiplyAdd(TLanes.Of(0.25f), u0, TLanes.FusedMultiplyAdd(TLanes.Of(1f / 24), far, near)),
            ref to, 0);
        TLanes.Store(odd, ref to, toStep);
        TLanes.Store(TLanes.Add(TLanes.FusedMultiplyAdd(TLanes.Of(1f / 6), far, near), u5), ref to, 2 * toStep);
    }
}
