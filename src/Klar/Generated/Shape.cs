namespace Klar.Generated;

/// <summary>
/// A convex outline: an ellipse, the space between straight edges, or both at once, as a half-moon has. A row of pixels
/// crosses it in one stretch.
/// </summary>
internal sealed class Shape
{
    private readonly (float X, float Y, float Distance)[] _edges = new (float, float, float)[8];
    private int _edgeCount;
    private (float A, float B, float C)? _ellipse;

    /// <summary>No part is farther from the middle.</summary>
    public float Reach { get; private set; }

    /// <summary>A disc, an ellipse, a polygon, a strip or a half-moon, of about this radius.</summary>
    public void Draw(Draws draws, float radius, bool straight = false)
    {
        (_edgeCount, _ellipse) = (0, null);
        float kind = straight ? draws.Between(0.5f, 0.9f) : draws.Next();
        switch (kind)
        {
            case < 0.2f:
                Ellipse(radius, radius, (1, 0));
                break;
            case < 0.5f:
                Ellipse(radius, radius * draws.Between(0.3f, 1), draws.Direction());
                break;
            case < 0.75f:
                Polygon(draws, radius);
                break;
            case < 0.9f:
                (float x, float y) = draws.Direction();
                Box(radius * draws.Between(1, 3), Math.Max(1, radius * draws.Between(0.08f, 0.8f)), (x, y));
                break;
            default:
                Ellipse(radius, radius * draws.Between(0.5f, 1), draws.Direction());
                (float across, float down) = draws.Direction();
                _edges[_edgeCount++] = (across, down, radius * draws.Between(-0.3f, 0.5f));
                break;
        }
    }

    /// <summary>A rectangle by half its sides, its length along a direction.</summary>
    public void Box(float length, float width, (float X, float Y) along)
    {
        (_edgeCount, _ellipse) = (4, null);
        _edges[0] = (along.X, along.Y, length);
        _edges[1] = (-along.X, -along.Y, length);
        _edges[2] = (-along.Y, along.X, width);
        _edges[3] = (along.Y, -along.X, width);
        Reach = length + width;
    }

    /// <summary>A disc.</summary>
    public void Disc(float radius)
    {
        _edgeCount = 0;
        Ellipse(radius, radius, (1, 0));
    }

    /// <summary>Where the row at height <paramref name="y"/> from the middle crosses it.</summary>
    public (float From, float To) Stretch(float y)
    {
        (float from, float to) = (-Reach, Reach);
        if (_ellipse is var (a, b, c))
        {
            float inside = (b * b * y * y) - (a * ((c * y * y) - 1));
            if (inside <= 0)
            {
                return (0, 0);
            }

            float half = MathF.Sqrt(inside) / a, middle = -b * y / a;
            (from, to) = (middle - half, middle + half);
        }

        for (int i = 0; i < _edgeCount; i++)
        {
            (float nx, float ny, float distance) = _edges[i];
            float left = distance - (ny * y);
            if (nx > 1e-4f)
            {
                to = Math.Min(to, left / nx);
            }
            else if (nx < -1e-4f)
            {
                from = Math.Max(from, left / nx);
            }
            else if (left < 0)
            {
                return (0, 0);
            }
        }

        return (from, to);
    }

    private void Ellipse(float a, float b, (float X, float Y) turn)
    {
        Reach = Math.Max(a, b);
        (float inverseA, float inverseB) = (1 / (a * a), 1 / (b * b));
        _ellipse = (
            (turn.X * turn.X * inverseA) + (turn.Y * turn.Y * inverseB),
            turn.X * turn.Y * (inverseA - inverseB),
            (turn.Y * turn.Y * inverseA) + (turn.X * turn.X * inverseB));
    }

    /// <summary>Three to eight edges at any angle; what three of them may leave open the disc around closes.</summary>
    private void Polygon(Draws draws, float radius)
    {
        Ellipse(1.3f * radius, 1.3f * radius, (1, 0));
        int edges = 3 + draws.Below(5);
        for (int i = 0; i < edges; i++)
        {
            (float x, float y) = draws.Direction();
            _edges[_edgeCount++] = (x, y, radius * draws.Between(0.4f, 1));
        }
    }
}
