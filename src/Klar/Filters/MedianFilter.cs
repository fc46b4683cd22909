using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Filters;

/// <summary>
/// The median of a k × k window, mirrored borders. Sorting networks for 3 × 3 and 5 × 5; a sliding histogram of ranks,
/// O(k) a pixel, for wider windows (Huang, Yang, Tang, IEEE Trans. ASSP 27(1), 1979).
/// </summary>
public sealed class MedianFilter(MedianOptions options, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();

    /// <inheritdoc/>
    public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        LocalFilter.Run("median", Settings.Of(("size", options.Size)), noisy, Band, _run, progress, cancel);

    private void Band(Plane plane, Span<float> result, int from, int to)
    {
        switch (options.Size)
        {
            case 1:
                plane.Samples[(from * plane.Width)..(to * plane.Width)].CopyTo(result[(from * plane.Width)..]);
                break;
            case 3:
                Networks(plane, result, from, to, 1);
                break;
            case 5:
                Networks(plane, result, from, to, 2);
                break;
            default:
                RankMedian.Band(plane, options.Size / 2, result, from, to);
                break;
        }
    }

    private static void Networks(Plane plane, Span<float> result, int from, int to, int radius)
    {
        var window = new RowWindow(plane, radius);
        int width = plane.Width;
        float[] sorted = new float[window.Stride * ((2 * radius) + 1)];
        for (int y = from; y < to; y++)
        {
            Span<float> row = result.Slice(y * width, width);
            if (radius == 1)
            {
                MedianNetwork.SortColumns3(window.Row(y - 1), window.Row(y), window.Row(y + 1), sorted);
                MedianNetwork.Median3x3(sorted, window.Stride, row);
            }
            else
            {
                Span<int> rows = [window.Offset(y - 2), window.Offset(y - 1), window.Offset(y), window.Offset(y + 1), window.Offset(y + 2)];
                MedianNetwork.SortColumns5(window.Ring, rows, window.Stride, sorted);
                MedianNetwork.Median5x5(sorted, window.Stride, row);
            }
        }
    }
}
