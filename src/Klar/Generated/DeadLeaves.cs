namespace Klar.Generated;

/// <summary>
/// Things of all sizes that hide each other, as in photographs: leaves whose radii have density r⁻³ fall until the
/// ground is covered (Lee, Mumford,
/// Huang, IJCV 2001; as training data: Achddou, Gousseau, Ladjal, CVIU 2023). Drawn at twice the size.
/// </summary>
internal static class DeadLeaves
{
    private const float MinBare = 0.001f;
    private const int MaxLeaves = 6000;

    /// <summary>A scene, at twice the size that it will have.</summary>
    public static Grid Draw(Draws draws, int width, int height)
    {
        var palette = Palette.Of(draws);
        Surface.Style style = Surface.Style.Of(draws);
        (float least, float most) = (draws.LogBetween(3, 50), draws.Between(70, 280));
        if (draws.Chance(0.7f))
        {
            return Covered(draws, palette, style, least, most, width, height, until: MinBare).Canvas;
        }

        // Something in focus before a ground that is not.
        Painting front = Covered(
            draws, palette, style, Math.Max(8, least), most, width, height, until: draws.Between(0.3f, 0.8f));
        Grid ground = Covered(draws, Palette.Of(draws), style, 2 * least, most, width, height, MinBare).Canvas.Blurred(
            draws.Between(2, 7));
        for (int i = 0; i < ground.Values.Length; i++)
        {
            if (front.IsCovered(i))
            {
                ground.Values[i] = front.Canvas.Values[i];
            }
        }

        return ground;
    }

    private static Painting Covered(
        Draws draws, Palette palette, in Surface.Style style, float least, float most, int width, int height,
        float until)
    {
        var painting = new Painting(width, height);
        var shape = new Shape();
        var surface = new Surface();
        bool straight = draws.Chance(0.15f);
        float strokes = draws.Chance(0.3f) ? draws.Between(0, 0.4f) : 0;
        for (int leaf = 0; leaf < MaxLeaves && painting.BareShare > until; leaf++)
        {
            float radius = draws.Size(least, most);
            (float x, float y) = (draws.Between(-0.2f, 1.2f) * width, draws.Between(-0.2f, 1.2f) * height);
            surface.Draw(draws, style, palette.Level(draws, x / width, y / height), radius);
            if (draws.Chance(strokes))
            {
                Stroke(draws, painting, shape, surface, x, y, Math.Max(1.2f, 0.2f * radius));
                continue;
            }

            shape.Draw(draws, radius, straight);
            painting.Paint(shape, surface, x, y);
        }

        if (until <= MinBare)
        {
            surface.Draw(draws, style, palette.Level(draws, 0.5f, 0.5f), most);
            painting.PaintRest(surface);
        }

        return painting;
    }

    /// <summary>A bent line that grows thinner: a blade, a branch, a hair.</summary>
    private static void Stroke(
        Draws draws, Painting painting, Shape shape, Surface surface, float x, float y, float radius)
    {
        (float X, float Y) origin = (x, y), along = draws.Direction();
        float bend = 0.1f * draws.Bell(), step = Math.Max(1, 0.7f * radius);
        int steps = 20 + draws.Below(60);
        for (int i = 0; i < steps; i++)
        {
            shape.Disc(Math.Max(0.8f, radius * (1 - ((float)i / steps))));
            painting.Paint(shape, surface, x, y, origin);
            (x, y) = (x + (step * along.X), y + (step * along.Y));
            along = Turned(along, bend);
        }
    }

    /// <summary>A direction turned by a small angle.</summary>
    internal static (float X, float Y) Turned((float X, float Y) along, float angle)
    {
        (float x, float y) = (along.X - (angle * along.Y), along.Y + (angle * along.X));
        float length = MathF.Sqrt((x * x) + (y * y));
        return (x / length, y / length);
    }
}
