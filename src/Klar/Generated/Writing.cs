namespace Klar.Generated;

/// <summary>
/// Lines of signs that look like writing: each sign is a few strokes in a box, the same sign looks the same everywhere.
/// Drawn at twice the size.
/// </summary>
internal static class Writing
{
    private const int Signs = 24;

    public static Grid Draw(Draws draws, int width, int height)
    {
        var painting = new Painting(width, height);
        (float ink, float paper) = (draws.Between(0, 0.35f), draws.Between(0.55f, 1));
        (ink, paper) = draws.Chance(0.3f) ? (paper, ink) : (ink, paper);
        Surface.Style style = Surface.Style.Of(draws) with { Wavy = 0 };
        (Surface black, Surface ground) = (new Surface(), new Surface());
        black.Draw(draws, style with { Rough = 0, Shaded = 0 }, ink, width);
        ground.Draw(draws, style, paper, width);
        (float X, float Y)[][] alphabet = [.. Enumerable.Range(0, Signs).Select(_ => Sign(draws))];
        (float X, float Y) along = DeadLeaves.Turned((1, 0), draws.Chance(0.5f) ? 0 : draws.Between(-0.3f, 0.3f));
        for (float y = draws.Between(-60, 0); y < 1.3f * height;)
        {
            float size = draws.LogBetween(10, 48), thick = size * draws.Between(0.05f, 0.12f);
            for (float x = draws.Between(-100, 20); x < 1.3f * width; x += size * 0.8f)
            {
                if (draws.Chance(0.83f))
                {
                    Write(painting, black, alphabet[draws.Below(Signs)], x, y, size, thick, along);
                }
            }

            y += size * draws.Between(1.4f, 2);
        }

        painting.PaintRest(ground);
        return painting.Canvas;
    }

    /// <summary>Two to four strokes between the points of a box of 3 × 4, as pairs of ends.</summary>
    private static (float X, float Y)[] Sign(Draws draws)
    {
        var ends = new List<(float X, float Y)>();
        int strokes = 2 + draws.Below(3);
        for (int stroke = 0; stroke < strokes; stroke++)
        {
            (float X, float Y) from = (0.3f * draws.Below(3), 0.33f * draws.Below(4));
            ends.Add(from);
            ends.Add(draws.Below(3) switch
            {
                0 => (from.X, 0.33f * draws.Below(4)),
                1 => (0.3f * draws.Below(3), from.Y),
                _ => (0.3f * draws.Below(3), 0.33f * draws.Below(4)),
            });
        }

        return [.. ends];
    }

    private static void Write(
        Painting painting, Surface ink, (float X, float Y)[] sign, float x, float y, float size, float thick,
        (float X, float Y) along)
    {
        var shape = new Shape();
        for (int i = 0; i < sign.Length; i += 2)
        {
            ((float fromX, float fromY), (float toX, float toY)) = (sign[i], sign[i + 1]);
            (float middleX, float middleY) = (x + (0.5f * size * (fromX + toX)), y + (0.5f * size * (fromY + toY)));
            (float dx, float dy) = (size * (toX - fromX), size * (toY - fromY));
            float length = MathF.Sqrt((dx * dx) + (dy * dy));
            (float X, float Y) direction = length > 0 ? (dx / length, dy / length) : (1, 0);

            // The page is turned as a whole.
            direction = ((along.X * direction.X) - (along.Y * direction.Y), (along.Y * direction.X)
                + (along.X * direction.Y));
            shape.Box((0.5f * length) + thick, thick, direction);
            painting.Paint(shape, ink, (along.X * middleX) - (along.Y * middleY), (along.Y * middleX)
                + (along.X * middleY), (0, 0));
        }
    }
}
