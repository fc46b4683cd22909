using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// The weighted sums of overlapping estimates over the rows that a band of reference patches reaches, for each page
/// of a window and each channel. Bands write to their own and are merged in their order, so the sums are the same on
/// any number of threads.
/// </summary>
/// <param name="channels">Channels of a page.</param>
/// <param name="width">Samples in a row.</param>
/// <param name="height">Rows of a page.</param>
/// <param name="top">The first row of the band.</param>
/// <param name="rows">Rows of the band.</param>
/// <param name="pages">The pages that positions lie on.</param>
internal sealed class Aggregate(int channels, int width, int height, int top, int rows, PageWindow pages)
{
    private readonly float[] _sums = new float[pages.Count * channels * rows * width];
    private readonly float[] _weights = new float[pages.Count * channels * rows * width];

    /// <summary>The pages, in the order of their sums.</summary>
    public PageWindow Pages => pages;

    /// <summary>
    /// Adds the estimate of the patch whose first sample is <paramref name="position"/> of all pages.
    /// </summary>
    public void Add(
        int channel, int position, int side, ReadOnlySpan<float> patch, ReadOnlySpan<float> weights, float factor)
    {
        (int page, int inPage) = Math.DivRem(position, width * height);
        int at = RowAt(pages.IndexOf(page), channel, 0) + inPage - (top * width);
        PatchRows.Scatter(patch, weights, factor, side, _sums.AsSpan(at), _weights.AsSpan(at), width);
    }

    /// <summary>Adds the part of these sums that lies in row <paramref name="y"/> of a page to the row's.</summary>
    public void AddRow(int indexOfPage, int channel, int y, Span<float> sum, Span<float> weight)
    {
        if (y >= top && y < top + rows)
        {
            int at = RowAt(indexOfPage, channel, y - top);
            Pixelwise.Add(_sums.AsSpan(at, width), sum);
            Pixelwise.Add(_weights.AsSpan(at, width), weight);
        }
    }

    private int RowAt(int indexOfPage, int channel, int row) =>
        ((((indexOfPage * channels) + channel) * rows) + row) * width;
}
