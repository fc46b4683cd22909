using Klar.Numerics;

namespace Klar.Generated;

/// <summary>
/// Scenes of straight edges, drawn at twice the size: walls with rows of windows, bars of every width, stars of wedges,
/// rectangles in rectangles.
/// </summary>
internal static class StraightScenes
{
    public static Grid Draw(Draws draws, int width, int height)
    {
        var painting = new Painting(width, height);
        var palette = Palette.Of(draws);
        Surface.Style style = Surface.Style.Of(draws) with { Wavy = 0 };
        (float X, float Y) along = draws.Chance(0.3f) ? (1, 0)
            : DeadLeaves.Turned(draws.Chance(0.5f) ? (1, 0) : (0, 1), draws.Between(-0.4f, 0.4f));
        for (int thing = 0; thing < 400 && painting.BareShare > 0.01f; thing++)
        {
            (float x, float y) = (draws.Between(-0.1f, 1.1f) * width, draws.Between(-0.1f, 1.1f) * height);
            switch (draws.Below(8))
            {
                case 0:
                    Bars(draws, painting, palette, style, x, y, along);
                    break;
                case 1:
                    Windows(draws, painting, palette, style, x, y, along);
                    break;
                case 2 when draws.Chance(0.5f):
                    Star(draws, painting, palette, style, x, y);
                    break;
                default:
                    Boxes(draws, painting, palette, style, x, y, along);
                    break;
            }
        }

        painting.PaintRest(Plain(draws, palette, style, width, 0.5f, 0.5f));
        return painting.Canvas;
    }

    /// <summary>A rectangle, some with smaller ones before it.</summary>
    private static void Boxes(
        Draws draws, Painting painting, Palette palette, in Surface.Style style, float x, float y,
        (float X, float Y) along)
    {
        (float length, float wide) = (draws.Size(6, 150), draws.Size(3, 90));
        int frames = 1 + draws.Below(3);
        for (int frame = frames; frame >= 1; frame--)
        {
            float share = frames == 1 ? 1 : 1 - (0.25f * (frame - 1));
            var shape = new Shape();
            shape.Box(Math.Max(1, share * length), Math.Max(1, share * wide), along);
            painting.Paint(shape,
                Plain(draws, palette, style, length, x / painting.Canvas.Width, y / painting.Canvas.Height), x, y);
        }
    }

    /// <summary>A wall with windows in rows, like bricks or storeys.</summary>
    private static void Windows(
        Draws draws, Painting painting, Palette palette, in Surface.Style style, float x, float y,
        (float X, float Y) along)
    {
        (float stepX, float stepY) = (draws.LogBetween(6, 40), draws.LogBetween(6, 40));
        (float wide, float tall) = (stepX * draws.Between(0.2f, 0.46f), stepY * draws.Between(0.2f, 0.46f));
        (int columns, int rows) = (2 + draws.Below(9), 2 + draws.Below(9));
        float shifted = draws.Chance(0.3f) ? 0.5f : 0, different = draws.Between(0, 0.4f);
        Surface pane = Plain(draws, palette, style, stepX, 0.5f, 0.5f);
        var shape = new Shape();
        for (int i = 0; i < columns * rows; i++)
        {
            float u = ((i % columns) - (0.5f * (columns - 1)) + (i / columns % 2 * shifted)) * stepX,
                v = ((i / columns) - (0.5f * (rows - 1))) * stepY;
            shape.Box(wide, tall, along);
            Surface surface = draws.Chance(different) ? Plain(draws, palette, style, stepX, 0.5f, 0.5f) : pane;
            painting.Paint(shape, surface, x + (along.X * u) - (along.Y * v), y + (along.Y * u) + (along.X * v));
        }

        shape.Box((0.5f * columns * stepX) + (0.5f * stepX), 0.5f * (rows + 0.3f) * stepY, along);
        painting.Paint(shape, Plain(draws, palette, style, rows * stepY, 0.5f, 0.5f), x, y);
    }

    /// <summary>Bars side by side, each pair narrower than the one before.</summary>
    private static void Bars(
        Draws draws, Painting painting, Palette palette, in Surface.Style style, float x, float y,
        (float X, float Y) along)
    {
        along = draws.Chance(0.5f) ? along : (-along.Y, along.X);
        float period = draws.LogBetween(8, 40), narrowing = draws.Between(0.8f, 1), length = draws.Between(10, 100);
        Surface dark = Plain(draws, palette, style, length, 0.5f, 0.5f),
            bright = Plain(draws, palette, style, length, 0.5f, 0.5f);
        var shape = new Shape();
        int bars = 4 + draws.Below(16);
        for (int bar = 0; bar < bars && period > 4; bar++, period *= narrowing)
        {
            shape.Box(length, 0.25f * period, along);
            painting.Paint(shape, dark, x, y);
            (x, y) = (x - (0.5f * period * along.Y), y + (0.5f * period * along.X));
            painting.Paint(shape, bright, x, y);
            (x, y) = (x - (0.5f * period * along.Y), y + (0.5f * period * along.X));
        }
    }

    /// <summary>A star of wedges, as resolution is tested with.</summary>
    private static void Star(Draws draws, Painting painting, Palette palette, in Surface.Style style, float x, float y)
    {
        float radius = draws.Between(30, 130);
        int spokes = 6 + draws.Below(20);
        (float cos, float sin) = ((float)Elementary.CosPi(2.0 / spokes), (float)Elementary.CosPi((2.0 / spokes) - 0.5));
        float wide = 3.1415927f / spokes * radius * 0.5f;
        Surface dark = Plain(draws, palette, style, radius, 0.5f, 0.5f),
            bright = Plain(draws, palette, style, radius, 0.5f, 0.5f);
        var shape = new Shape();
        (float X, float Y) along = draws.Direction();
        for (int spoke = 0; spoke < spokes; spoke++)
        {
            // A wedge is a row of discs that grow: their edges are straight.
            for (float at = radius; at > 1; at *= 0.93f)
            {
                shape.Disc(Math.Max(0.7f, wide * at / radius));
                painting.Paint(shape, dark, x + (along.X * at), y + (along.Y * at), (x, y));
            }

            along = ((cos * along.X) - (sin * along.Y), (sin * along.X) + (cos * along.Y));
        }

        shape.Disc(radius + wide);
        painting.Paint(shape, bright, x, y);
    }

    private static Surface Plain(Draws draws, Palette palette, in Surface.Style style, float size, float x, float y)
    {
        var surface = new Surface();
        surface.Draw(draws, style, palette.Level(draws, x, y), size);
        return surface;
    }
}
