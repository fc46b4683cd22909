using Klar.Filters;
using Klar.Numerics;

namespace Klar;

/// <summary>A Gaussian blur, separable, truncated at 4 σ, mirrored borders.</summary>
public sealed class GaussianFilter(GaussianOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();
    private readonly float[] _taps = Taps(options.Sigma);

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        LocalFilter.Run("gaussian", Settings.Of(("sigma", options.Sigma)), noisy, Band, _run, progress, cancel);

    /// <summary>exp(−k² / 2σ²) for k = 0 to ⌊4σ + 1/2⌋, scaled so that both halves and the middle sum to 1.</summary>
    internal static float[] Taps(double sigma)
    {
        int radius = (int)((4 * sigma) + 0.5);
        double[] weights = new double[radius + 1];
        double sum = 0;
        for (int k = radius; k >= 0; k--)
        {
            weights[k] = Elementary.Exp(-0.5 * k * k / (sigma * sigma));
            sum += k == 0 ? weights[k] : 2 * weights[k];
        }

        return Array.ConvertAll(weights, weight => (float)(weight / sum));
    }

    private void Band(Plane plane, Span<float> result, int from, int to)
    {
        int radius = _taps.Length - 1;
        var window = new RowWindow(plane, radius);
        int[] offsets = new int[(2 * radius) + 1];
        float[] blurred = new float[window.Stride];
        for (int y = from; y < to; y++)
        {
            for (int k = -radius; k <= radius; k++)
            {
                offsets[k + radius] = window.Offset(y + k);
            }

            Correlation.AcrossRows(window.Ring, offsets, _taps, blurred);
            Correlation.AlongRow(blurred, _taps, result.Slice(y * plane.Width, plane.Width));
        }
    }
}
