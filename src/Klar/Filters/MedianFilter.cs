using System.Runtime.CompilerServices;
using Klar.Filters;
using Klar.Numerics;

namespace Klar;

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
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        LocalFilter.Run("median", Settings.Of(("size", options.Size)), noisy, Band, _run, progress, cancel);

    private void Band(Plane plane, Span<float> result, int from, int to)
    {
        switch (options.Size)
        {
            case 1:
                plane.Samples[(from * plane.Width)..(to * plane.Width)].CopyTo(result[(from * plane.Width)..]);
                break;
            case 3:
                Network3(plane, result, from, to);
                break;
            case 5:
                Network5(plane, result, from, to);
                break;
            default:
                RankMedian.Band(plane, options.Size / 2, result, from, to);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Network3(Plane plane, Span<float> result, int from, int to)
    {
        int width = plane.Width;
        Span<int> rows = stackalloc int[3];
        Span<float> window = stackalloc float[9];
        for (int y = from; y < to; y++)
        {
            for (int k = 0; k < 3; k++)
            {
                rows[k] = BorderIndex.Mirror(y - 1 + k, plane.Height) * width;
            }

            Span<float> medians = result.Slice(y * width, width);
            if (width > 2)
            {
                MedianNetwork.Median3x3(plane.Samples, rows, medians[1..^1]);
            }

            // The first and the last column look past the image.
            for (int x = 0; x < width; x += Math.Max(1, width - 1))
            {
                for (int i = 0; i < 9; i++)
                {
                    window[i] = plane.Samples[rows[i / 3] + BorderIndex.Mirror(x - 1 + (i % 3), width)];
                }

                MedianNetwork.Median3x3(window, [0, 3, 6], medians.Slice(x, 1));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Network5(Plane plane, Span<float> result, int from, int to)
    {
        const int Radius = 2;
        const int Size = 5;
        const int Stride = Chunk + (2 * Radius);
        float[] sorted = new float[Stride * Size];
        Span<int> rows = stackalloc int[Size];
        for (int y = from; y < to; y++)
        {
            for (int x = 0; x < plane.Width; x += Chunk)
            {
                int length = Math.Min(Chunk, plane.Width - x);
                int first = Math.Max(0, x - Radius);
                int count = Math.Min(plane.Width, x + length + Radius) - first;
                for (int k = 0; k < Size; k++)
                {
                    rows[k] = (BorderIndex.Mirror(y - Radius + k, plane.Height) * plane.Width) + first;
                }

                int lead = first - (x - Radius);
                MedianNetwork.SortColumns5(plane.Samples, rows, count, sorted.AsSpan(lead), Stride);
                MirrorColumns(sorted, Stride, Size, x - Radius, length + (2 * Radius), plane.Width);
                MedianNetwork.Median5x5(sorted, Stride, result.Slice((y * plane.Width) + x, length));
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
