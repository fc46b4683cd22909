using Klar.Numerics;

namespace Klar.Stacks;

/// <summary>Smoothing and dilation of a plane at scales of 1, 2, 4 … pixels, mirrored at the border.</summary>
internal sealed class Smoothing(int width, int height)
{
    private readonly float[] _across = new float[width * height];
    private readonly float[] _row = new float[width + (4 * MaxStep)];

    private const int MaxStep = 8;

    /// <summary>One level of the à trous algorithm with holes of <paramref name="step"/> pixels.</summary>
    public void Smooth(ReadOnlySpan<float> from, int step, Span<float> to)
    {
        for (int y = 0; y < height; y++)
        {
            Extend(from.Slice(y * width, width), 2 * step);
            SplineSmoothing.Mean(
                _row, _row.AsSpan(step), _row.AsSpan(2 * step), _row.AsSpan(3 * step), _row.AsSpan(4 * step),
                _across.AsSpan(y * width, width));
        }

        for (int y = 0; y < height; y++)
        {
            SplineSmoothing.Mean(
                Across(y - (2 * step)), Across(y - step), Across(y), Across(y + step), Across(y + (2 * step)),
                to.Slice(y * width, width));
        }
    }

    /// <summary>The greatest sample within <paramref name="step"/> pixels across and down, of three.</summary>
    public void Dilate(Span<float> plane, int step)
    {
        for (int y = 0; y < height; y++)
        {
            Extend(plane.Slice(y * width, width), step);
            SplineSmoothing.Max(
                _row, _row.AsSpan(step), _row.AsSpan(2 * step), _across.AsSpan(y * width, width));
        }

        for (int y = 0; y < height; y++)
        {
            SplineSmoothing.Max(Across(y - step), Across(y), Across(y + step), plane.Slice(y * width, width));
        }
    }

    private ReadOnlySpan<float> Across(int y) => _across.AsSpan(BorderIndex.Mirror(y, height) * width, width);

    private void Extend(ReadOnlySpan<float> row, int margin)
    {
        row.CopyTo(_row.AsSpan(margin));
        for (int i = 1; i <= margin; i++)
        {
            _row[margin - i] = row[BorderIndex.Mirror(-i, width)];
            _row[margin + width - 1 + i] = row[BorderIndex.Mirror(width - 1 + i, width)];
        }
    }
}
