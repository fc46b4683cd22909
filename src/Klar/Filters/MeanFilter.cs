using Klar.Filters;
using Klar.Numerics;

namespace Klar;

/// <summary>The mean of a k × k window, mirrored borders; running sums, so its time hardly depends on k.</summary>
public sealed class MeanFilter(MeanOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        LocalFilter.Run("mean", Settings.Of(("size", options.Size)), noisy, Band, _run, progress, cancel);

    private void Band(Plane plane, Span<float> result, int from, int to)
    {
        var sums = new BoxSums(plane, options.Size / 2, Border.Mirror, from);
        double[] sum = new double[plane.Width];
        double area = (double)options.Size * options.Size;
        for (int y = from; y < to; y++)
        {
            sums.OfRow(y, sum);
            DoubleRows.Divide(sum, area, result.Slice(y * plane.Width, plane.Width));
        }
    }
}
