namespace Klar.Generated;

/// <summary>
/// A canvas that is painted from front to back: what is covered once stays. Each pixel is worked on once, however many
/// things lie there.
/// </summary>
internal sealed class Painting(int width, int height)
{
    private readonly bool[] _covered = new bool[width * height];

    public Grid Canvas { get; } = new(width, height);

    /// <summary>Pixels that nothing covers yet.</summary>
    public int Bare { get; private set; } = width * height;

    /// <summary>Share of the pixels that nothing covers yet.</summary>
    public float BareShare => (float)Bare / _covered.Length;

    /// <summary>Whether something covers a pixel.</summary>
    public bool IsCovered(int index) => _covered[index];

    /// <summary>
    /// Paints a thing behind all that is there. Its surface is seen from <paramref name="origin"/>, or from its own
    /// middle.
    /// </summary>
    public void Paint(Shape shape, Surface surface, float x, float y, (float X, float Y)? origin = null)
    {
        (float originX, float originY) = origin ?? (x, y);
        int bottom = Math.Min(height - 1, (int)MathF.Floor(y + shape.Reach));
        for (int row = Math.Max(0, (int)MathF.Ceiling(y - shape.Reach)); row <= bottom; row++)
        {
            (float from, float to) = shape.Stretch(row - y);
            if (to <= from)
            {
                continue;
            }

            Span<float> line = Canvas.Row(row);
            Span<bool> covered = _covered.AsSpan(row * width, width);
            int last = (int)Math.Min(width - 1, MathF.Floor(x + to));
            for (int column = (int)Math.Max(0, MathF.Ceiling(x + from)); column <= last; column++)
            {
                if (!covered[column])
                {
                    covered[column] = true;
                    line[column] = surface.At(column - originX, row - originY);
                    Bare--;
                }
            }
        }
    }

    /// <summary>Paints all that is still bare.</summary>
    public void PaintRest(Surface surface)
    {
        for (int i = 0; i < _covered.Length; i++)
        {
            if (!_covered[i])
            {
                _covered[i] = true;
                Canvas.Values[i] = surface.At((i % width) - (0.5f * width), (i / width) - (0.5f * height));
            }
        }

        Bare = 0;
    }
}
