namespace Klar.Networks;

/// <summary>
/// A picture as a network takes it: channels side by side, zeros around it as far as any tile looks, so that gathering needs
/// no borders.
/// </summary>
internal sealed class InputImage
{
    private readonly float[] _samples;
    private readonly int _border;
    private readonly int _row;

    /// <param name="planes">The channels, row-major.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="border">Pixels of zeros on each side: at least the halo of a tile's input.</param>
    public InputImage(float[][] planes, int width, int height, int border)
    {
        (Width, Height, Channels, _border) = (width, height, planes.Length, border);
        _row = (width + (2 * border)) * Channels;
        _samples = new float[_row * (height + (2 * border))];
        for (int c = 0; c < Channels; c++)
        {
            for (int i = 0; i < width * height; i++)
            {
                _samples[At(i % width, i / width) + c] = planes[c][i];
            }
        }
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>
    /// Each pixel of <paramref name="region"/> with its neighbours: to[pixel][tap][channel]. A kernel of side 1 is the pixel.
    /// </summary>
    public void Gather(Region region, int kernel, Span<float> to)
    {
        int terms = kernel * Channels; // neighbours in a row follow each other here too
        int radius = kernel / 2;
        int at = 0;
        for (int y = region.Y; y < region.Y + region.Height; y++)
        {
            for (int x = region.X; x < region.X + region.Width; x++)
            {
                int from = At(x - radius, y - radius);
                for (int k = 0; k < kernel; k++)
                {
                    ReadOnlySpan<float> row = _samples.AsSpan(from, terms);
                    Span<float> target = to.Slice(at, terms);
                    for (int i = 0; i < row.Length; i++)
                    {
                        target[i] = row[i];
                    }

                    from += _row;
                    at += terms;
                }
            }
        }
    }

    private int At(int x, int y) => ((y + _border) * _row) + ((x + _border) * Channels);
}
