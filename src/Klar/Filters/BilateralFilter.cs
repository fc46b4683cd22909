using Klar.Filters;
using Klar.Numerics;

namespace Klar;

/// <summary>
/// The bilateral filter: a mean over the neighbours, weighted by exp(−d² / 2σ_s²) · exp(−Δv² / 2σ_r²); mirrored
/// borders.
/// </summary>
/// <remarks>Tomasi and Manduchi, «Bilateral filtering for gray and color images», ICCV 1998.</remarks>
public sealed class BilateralFilter(BilateralOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();
    private readonly int _radius = options.Radius > 0 ? options.Radius : (int)Math.Ceiling(3 * options.SigmaSpace);

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        var settings = Settings.Of((
            "sigma-space", options.SigmaSpace), ("sigma-range", options.SigmaRange), ("radius", _radius));
        return LocalFilter.Run("bilateral", settings, noisy, Band, _run, progress, cancel);
    }

    private void Band(Plane plane, Span<float> result, int from, int to)
    {
        int size = (2 * _radius) + 1;
        float[] spatial = new float[size * size];
        for (int i = 0; i < spatial.Length; i++)
        {
            (int dy, int dx) = ((i / size) - _radius, (i % size) - _radius);
            spatial[i] =
                (float)Elementary.Exp(-((dx * dx) + (dy * dy)) / (2.0 * options.SigmaSpace * options.SigmaSpace));
        }

        float falloff = 1 / (2 * options.SigmaRange * options.SigmaRange);
        var window = new RowWindow(plane, _radius);
        int[] offsets = new int[size];
        for (int y = from; y < to; y++)
        {
            for (int k = 0; k < size; k++)
            {
                offsets[k] = window.Offset(y - _radius + k);
            }

            Span<float> row = result.Slice(y * plane.Width, plane.Width);
            LaneKernel.Run(new BilateralKernel(window.Ring, offsets, spatial, falloff, row), row.Length);
        }
    }
}
