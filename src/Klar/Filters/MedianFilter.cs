using System.Runtime.CompilerServices;
using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Filters;

/// <summary>
/// The median of a k × k window, mirrored borders. Sorting networks for 3 × 3 and 5 × 5; a sliding histogram of ranks,
/// O(k) a pixel, for wider windows (Huang, Yang, Tang, IEEE Trans. ASSP 27(1), 1979).
/// </summary>
public sealed class MedianFilter(MedianOptions options, RunSettings? run = null) : IDenoiser
{
    // Pixels of a row at a time: sorted columns of so many stay in the first-level cache beside the rows.
    private const int Chunk = 1024;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Networks(Plane plane, Span<float> result, int from, int to, int radius)
    {
        int size = (2 * radius) + 1;
        int stride = Chunk + (2 * radius);
        float[] sorted = new float[stride * size];
        Span<int> rows = stackalloc int[size];
        for (int y = from; y < to; y++)
        {
            for (int x = 0; x < plane.Width; x += Chunk)
            {
                int length = Math.Min(Chunk, plane.Width - x);
                int first = Math.Max(0, x - radius);
                int count = Math.Min(plane.Width, x + length + radius) - first;
                for (int k = 0; k < size; k++)
                {
                    rows[k] = (BorderIndex.Mirror(y - radius + k, plane.Height) * plane.Width) + first;
                }

                int lead = first - (x - radius);
                MedianNetwork.SortColumns(plane.Samples, rows, count, sorted.AsSpan(lead), stride);
                MirrorColumns(sorted, stride, size, x - radius, length + (2 * radius), plane.Width);
                MedianNetwork.Medians(sorted, stride, size, result.Slice((y * plane.Width) + x, length));
            }
        }
    }

    /// <summary>A column outside the image is, sorted or not, its mirror image inside.</summary>
    private static void MirrorColumns(Span<float> sorted, int stride, int size, int first, int count, int width)
    {
        for (int i = 0; i < count; i++)
        {
            int column = first + i;
            if (column >= 0 && column < width)
            {
                i += width - column - 1; // on to the first column beyond the right edge
                continue;
            }

            int mirrored = BorderIndex.Mirror(column, width) - first;
            for (int rank = 0; rank < size; rank++)
            {
                sorted[(rank * stride) + i] = sorted[(rank * stride) + mirrored];
            }
        }
    }
}
