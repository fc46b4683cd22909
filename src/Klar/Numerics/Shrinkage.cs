using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Klar.Numerics;

/// <summary>What BM3D does to the coefficients of a group. A lane is a coefficient.</summary>
internal static class Shrinkage
{
    /// <summary>
    /// Sets coefficients to zero whose magnitude is not above their threshold, and returns how many are left.
    /// </summary>
    /// <param name="coefficients">Patches of <paramref name="thresholds"/>' length, one after the other.</param>
    /// <param name="thresholds">A threshold for each coefficient of a patch, a multiple of 16.</param>
    public static int Hard(Span<float> coefficients, ReadOnlySpan<float> thresholds)
    {
        int kept = 0;
        for (int patch = 0; patch < coefficients.Length; patch += thresholds.Length)
        {
            var kernel = new HardKernel(coefficients.Slice(patch, thresholds.Length), thresholds, ref kept);
            LaneKernel.Run(kernel, thresholds.Length);
        }

        return kept;
    }

    /// <summary>
    /// Multiplies coefficients by Wiener's gain W = b² / (b² + variance) of the pilot's b, and returns Σ variance W².
    /// </summary>
    /// <param name="coefficients">Patches of <paramref name="variances"/>' length, one after the other.</param>
    /// <param name="pilot">The same of the pilot.</param>
    /// <param name="variances">The noise variance of each coefficient of a patch; a multiple of 16.</param>
    public static float Wiener(Span<float> coefficients, ReadOnlySpan<float> pilot, ReadOnlySpan<float> variances)
    {
        // 16 partial sums whatever the register's width, added in their order at the end.
        Span<float> sums = stackalloc float[16];
        sums.Clear();
        for (int patch = 0; patch < coefficients.Length; patch += variances.Length)
        {
            var kernel = new WienerKernel(
                coefficients.Slice(patch, variances.Length), pilot.Slice(patch, variances.Length), variances, sums);
            LaneKernel.Run(kernel, variances.Length);
        }

        float sum = 0;
        foreach (float part in sums)
        {
            sum += part;
        }

        return sum;
    }

    private readonly ref struct HardKernel(
        Span<float> coefficients, ReadOnlySpan<float> thresholds, ref int kept) : ILaneKernel
    {
        private readonly Span<float> _coefficients = coefficients;
        private readonly ReadOnlySpan<float> _thresholds = thresholds;
        private readonly ref int _kept = ref kept;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float coefficients = ref MemoryMarshal.GetReference(_coefficients);
            ref readonly float thresholds = ref MemoryMarshal.GetReference(_thresholds);
            T zero = TLanes.Of(0);
            int kept = 0;
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T value = TLanes.Load(in coefficients, i), threshold = TLanes.Load(in thresholds, i);
                T magnitude = TLanes.Max(value, TLanes.Subtract(zero, value));
                kept += BitOperations.PopCount(TLanes.WhereLess(threshold, magnitude));
                TLanes.Store(
                    TLanes.WherePositive(TLanes.Subtract(magnitude, threshold), value, zero), ref coefficients, i);
            }

            _kept += kept;
            return i;
        }
    }

    private readonly ref struct WienerKernel(
        Span<float> coefficients, ReadOnlySpan<float> pilot, ReadOnlySpan<float> variances,
        Span<float> sums) : ILaneKernel
    {
        private readonly Span<float> _coefficients = coefficients, _sums = sums;
        private readonly ReadOnlySpan<float> _pilot = pilot, _variances = variances;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float coefficients = ref MemoryMarshal.GetReference(_coefficients);
            ref readonly float pilot = ref MemoryMarshal.GetReference(_pilot);
            ref readonly float variances = ref MemoryMarshal.GetReference(_variances);
            ref float sums = ref MemoryMarshal.GetReference(_sums);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T b = TLanes.Load(in pilot, i), variance = TLanes.Load(in variances, i);
                T energy = TLanes.Multiply(b, b);
                T gain = TLanes.Divide(energy, TLanes.Add(energy, variance));
                TLanes.Store(TLanes.Multiply(gain, TLanes.Load(in coefficients, i)), ref coefficients, i);
                T share = TLanes.Multiply(gain, variance);
                TLanes.Store(TLanes.FusedMultiplyAdd(gain, share, TLanes.Load(in sums, i % 16)), ref sums, i % 16);
            }

            return i;
        }
    }
}
