using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Klar.Numerics;

namespace Klar.Networks;

/// <summary>Applies a step down the columns and then along the rows of a square of channels: S x Sᵀ.</summary>
internal static class WinogradTransform
{
    /// <summary>
    /// Transforms one square. Entry (i, j) is read at from[i · fromRow + j · fromColumn], and entry (i, j) of the
    /// result is
    /// written at to[i · toRow + j · toColumn], <paramref name="channels"/> numbers each, a multiple of 16.
    /// </summary>
    public static void Apply<TStep>(
        ReadOnlySpan<float> from, int fromRow, int fromColumn, Span<float> to, int toRow, int toColumn, int channels)
        where TStep : struct, IWinogradStep
    {
        ref readonly float source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to);
        if (Vector512.IsHardwareAccelerated)
        {
            Square<TStep, Vector512<float>, Lanes512>(
                in source, fromRow, fromColumn, ref target, toRow, toColumn, channels);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Square<TStep, Vector256<float>, Lanes256>(
                in source, fromRow, fromColumn, ref target, toRow, toColumn, channels);
        }
        else
        {
            Square<TStep, Vector128<float>, Lanes128>(
                in source, fromRow, fromColumn, ref target, toRow, toColumn, channels);
        }
    }

    /// <summary>
    /// The 4 × 4 outputs of a square of products, with bias and leaky rectifier; a column of the result is
    /// <paramref name="channels"/> numbers after the one before.
    /// </summary>
    public static void Output(
        ReadOnlySpan<float> from, int fromRow, int fromColumn, ReadOnlySpan<float> bias, float slope, Span<float> to,
        int toRow, int channels)
    {
        ref readonly float source = ref MemoryMarshal.GetReference(from);
        ref readonly float biases = ref MemoryMarshal.GetReference(bias);
        ref float target = ref MemoryMarshal.GetReference(to);
        if (Vector512.IsHardwareAccelerated)
        {
            OutputSquare<Vector512<float>, Lanes512>(
                in source, fromRow, fromColumn, in biases, slope, ref target, toRow, channels);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            OutputSquare<Vector256<float>, Lanes256>(
                in source, fromRow, fromColumn, in biases, slope, ref target, toRow, channels);
        }
        else
        {
            OutputSquare<Vector128<float>, Lanes128>(
                in source, fromRow, fromColumn, in biases, slope, ref target, toRow, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static unsafe void OutputSquare<T, TLanes>(
        ref readonly float from, int fromRow, int fromColumn, ref readonly float bias, float slope, ref float to,
        int toRow, int channels)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        float* half = stackalloc float[4 * 6 * 16];
        int n = TLanes.Count;
        for (int c = 0; c < channels; c += n)
        {
            for (int j = 0; j < 6; j++)
            {
                OutputStep.Apply<T, TLanes>(
                    in Unsafe.Add(ref Unsafe.AsRef(in from), (j * fromColumn) + c), fromRow, ref half[j * n], 6 * n);
            }

            T b = TLanes.Load(in bias, c);
            for (int i = 0; i < 4; i++)
            {
                OutputStep.ApplyAndRectify<T, TLanes>(
                    in half[i * 6 * n], n, b, TLanes.Of(slope), ref Unsafe.Add(ref to, (i * toRow) + c), channels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static unsafe void Square<TStep, T, TLanes>(
        ref readonly float from, int fromRow, int fromColumn, ref float to, int toRow, int toColumn, int channels)
        where TStep : struct, IWinogradStep
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        float* half = stackalloc float[6 * 6 * 16];
        int n = TLanes.Count;
        for (int c = 0; c < channels; c += n)
        {
            for (int j = 0; j < TStep.Inputs; j++)
            {
                TStep.Apply<T, TLanes>(
                    in Unsafe.Add(ref Unsafe.AsRef(in from), (j * fromColumn) + c), fromRow, ref half[j * n],
                    TStep.Inputs * n);
            }

            for (int i = 0; i < TStep.Outputs; i++)
            {
                TStep.Apply<T, TLanes>(
                    in half[i * TStep.Inputs * n], n, ref Unsafe.Add(ref to, (i * toRow) + c), toColumn);
            }
        }
    }
}
