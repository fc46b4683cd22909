using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// The weighted sums of overlapping estimates over the rows that a band of reference patches reaches, for each channel.
/// Bands write to their own and are merged in their order, so the sums are the same on any number of threads.
/// </summary>
internal sealed class Aggregate(int channels, int width, int top, int rows)
{
    private readonly float[] _sums = new float[channels * rows * width];
    private readonly float[] _weights = new float[channels * rows * width];

    /// <summary>Adds the estimate of the patch whose first sample is <paramref name="position"/> of the image.</summary>
    public void Add(int channel, int position, int side, ReadOnlySpan<float> patch, ReadOnlySpan<float> weights, float factor)
    {
        int at = (channel * rows * width) + position - (top * width);
        PatchRows.Scatter(patch, weights, factor, side, _sums.AsSpan(at), _weights.AsSpan(at), width);
    }

    /// <summary>Adds the part of these sums that lies in image row <paramref name="y"/> to the row's.</summary>
    public void AddRow(int channel, int y, Span<float> sum, Span<float> weight)
    {
        if (y >= top && y < top + rows)
        {
            int at = ((channel * rows) + y - top) * width;
            Pixelwise.Add(_sums.AsSpan(at, width), sum);
            Pixelwise.Add(_weights.AsSpan(at, width), weight);
        }
    }
}
