using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>Patches out of an image and back into it.</summary>
internal static class PatchRows
{
    /// <summary>
    /// Copies a square of <paramref name="side"/> × <paramref name="side"/> samples, at least 4, whose rows lie
    /// <paramref name="width"/> apart, to one dense row of side² floats.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(ReadOnlySpan<float> from, int width, int side, Span<float> to)
    {
        Debug.Assert(
            side >= 4 && from.Length >= ((side - 1) * width) + side && to.Length >= side * side,
            "A patch is too large.");
        ref float source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to);
        for (int y = 0; y < side; y++)
        {
            // Whole registers, and one more that ends with the row: it writes some samples twice.
            if (side >= 8)
            {
                int x = 0;
                for (; x <= side - 8; x += 8)
                {
                    Vector256.LoadUnsafe(ref source, (nuint)x).StoreUnsafe(ref target, (nuint)x);
                }

                Vector256.LoadUnsafe(ref source, (nuint)(side - 8)).StoreUnsafe(ref target, (nuint)(side - 8));
            }
            else
            {
                Vector128.LoadUnsafe(ref source).StoreUnsafe(ref target);
                Vector128.LoadUnsafe(ref source, (nuint)(side - 4)).StoreUnsafe(ref target, (nuint)(side - 4));
            }

            source = ref Unsafe.Add(ref source, width);
            target = ref Unsafe.Add(ref target, side);
        }
    }

    /// <summary>
    /// Adds a patch to two sums: sum += weights · patch and total += weights, where <paramref name="weights"/> has a
    /// number
    /// for each sample of the patch, each times <paramref name="factor"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(
        ReadOnlySpan<float> patch, ReadOnlySpan<float> weights, float factor, int side, Span<float> sum,
        Span<float> total, int width)
    {
        Debug.Assert(
            sum.Length >= ((side - 1) * width) + side && total.Length >= ((side - 1) * width) + side,
            "A patch lies outside.");
        ref float source = ref MemoryMarshal.GetReference(patch);
        ref float weight = ref MemoryMarshal.GetReference(weights);
        ref float sums = ref MemoryMarshal.GetReference(sum);
        ref float totals = ref MemoryMarshal.GetReference(total);
        for (int y = 0; y < side; y++)
        {
            int x = 0;
            if (Vector256.IsHardwareAccelerated)
            {
                for (; x <= side - 8; x += 8)
                {
                    Add<Vector256<float>, Lanes256>(ref source, ref weight, factor, ref sums, ref totals, x);
                }
            }

            for (; x <= side - 4; x += 4)
            {
                Add<Vector128<float>, Lanes128>(ref source, ref weight, factor, ref sums, ref totals, x);
            }

            for (; x < side; x++)
            {
                Add<float, Lane>(ref source, ref weight, factor, ref sums, ref totals, x);
            }

            source = ref Unsafe.Add(ref source, side);
            weight = ref Unsafe.Add(ref weight, side);
            sums = ref Unsafe.Add(ref sums, width);
            totals = ref Unsafe.Add(ref totals, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T, TLanes>(
        ref float patch, ref float weights, float factor, ref float sums, ref float totals, int at)
        where T : struct
        where TLanes : struct, ILanes<T>
    {
        T weight = TLanes.Multiply(TLanes.Of(factor), TLanes.Load(in weights, at));
        TLanes.Store(
            TLanes.FusedMultiplyAdd(weight, TLanes.Load(in patch, at), TLanes.Load(in sums, at)), ref sums, at);
        TLanes.Store(TLanes.Add(weight, TLanes.Load(in totals, at)), ref totals, at);
    }
}
