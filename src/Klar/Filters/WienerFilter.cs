using System.Runtime.CompilerServices;
using Klar.Filters;
using Klar.Scheduling;

namespace Klar;

/// <summary>
/// Lee's local Wiener filter: m + max(0, v − n) / max(v, n) · (y − m), with the local mean m, the local variance v and
/// the noise variance n, which is σ² or, where σ is not given, the mean of v (the rule of SciPy's
/// <c>signal.wiener</c>).
/// </summary>
/// <remarks>
/// Lee, «Digital image enhancement and noise filtering by use of local statistics», IEEE Trans. PAMI 2(2), 1980.
/// </remarks>
public sealed class WienerFilter(WienerOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        var settings = Settings.Of(("size", options.Size), ("sigma", options.Sigma * 255), ("border", options.Border));
        return LocalFilter.Run(
            "wiener", settings, noisy, (plane, channel, advanced) => Filtered(plane, channel, advanced, cancel), _run,
            progress);
    }

    private Plane Filtered(Plane plane, int channel, Action<double> advanced, CancellationToken cancel)
    {
        float[] mean = GC.AllocateUninitializedArray<float>(plane.Samples.Length);
        float[] variance = GC.AllocateUninitializedArray<float>(plane.Samples.Length);
        double[] bandSums = new double[Bands.Count(plane.Height)];
        Bands.ForEach(
            plane.Height,
            _run.Threads,
            (from, to) => bandSums[from / Bands.Height] = Moments(plane, channel, mean, variance, from, to),
            advanced,
            cancel);

        // The bands' sums are added in their order, whichever thread made them.
        float n = (float)(options.Sigma is { } sigma ? (double)sigma * sigma : bandSums.Sum() / plane.Samples.Length);
        return LocalFilter.Filtered(
            plane, (_, result, from, to) => Shrink(plane, mean, variance, n, result, from, to), _run,
            advanced: static _ => { }, cancel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Moments(Plane plane, int channel, float[] mean, float[] variance, int from, int to)
    {
        int width = plane.Width;
        double area = (double)options.Size * options.Size;
        var sums = new BoxSums(plane, options.Size / 2, options.Border, from, withSquares: true);
        double[] sum = new double[width];
        double[] squares = new double[width];
        double total = 0;
        Require.Finite(plane, channel, from, to);
        for (int y = from; y < to; y++)
        {
            sums.OfRow(y, sum, squares);
            for (int x = 0; x < width; x++)
            {
                double m = sum[x] / area;
                double v = Math.Max(0, (squares[x] / area) - (m * m));
                mean[(y * width) + x] = (float)m;
                variance[(y * width) + x] = (float)v;
                total += v;
            }
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shrink(
        Plane plane, float[] mean, float[] variance, float n, Span<float> result, int from, int to)
    {
        ReadOnlySpan<float> samples = plane.Samples;
        for (int i = from * plane.Width; i < to * plane.Width; i++)
        {
            float m = mean[i];
            float v = variance[i];
            float larger = Math.Max(v, n);
            result[i] = larger > 0 ? m + (Math.Max(0, v - n) / larger * (samples[i] - m)) : m;
        }
    }
}
