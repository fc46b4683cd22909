using Klar.Numerics;

namespace Klar.Generated;

/// <summary>Lines of light: filaments, the outlines of cells, mitochondria.</summary>
internal static class Threads
{
    private const float Step = 0.5f;

    /// <summary>Long lines that bend little; some leave one place, as microtubules do.</summary>
    public static void Filaments(Draws draws, Grid light, float scale, float strength)
    {
        int count = (int)draws.LogBetween(6, 90);
        (float X, float Y)? centre = draws.Chance(0.4f) ? (draws.Next() * light.Width, draws.Next() * light.Height)
            : null;
        float bend = draws.LogBetween(0.003f, 0.08f), thick = draws.Chance(0.3f) ? draws.Between(0.5f, 1.5f) : 0,
            one = 0.8f * strength;
        bool parallel = draws.Chance(0.25f);
        (float X, float Y) common = draws.Direction();
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = centre ?? (draws.Next() * light.Width, draws.Next() * light.Height);
            (float X, float Y) along = parallel ? DeadLeaves.Turned(common, 0.2f * draws.Bell()) : draws.Direction();
            Line(draws, light, x, y, along, length: scale * draws.Between(30, 200), bend, one * draws.Between(0.4f, 1),
                thick);
        }
    }

    /// <summary>Short thick lines.</summary>
    public static void Mitochondria(Draws draws, Grid light, float scale, float strength)
    {
        int count = (int)draws.LogBetween(10, 150);
        (float X, float Y)[] centres = [
            .. Enumerable.Range(0, 1 + draws.Below(4))
            .Select(_ => (draws.Next() * light.Width, draws.Next() * light.Height))];
        float spread = scale * draws.Between(20, 60), thick = scale * draws.Between(0.6f, 1.8f);
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = centres[draws.Below(centres.Length)];
            Line(draws, light, x + (spread * draws.Bell()), y + (spread * draws.Bell()), draws.Direction(),
                scale * draws.Between(3, 25), bend: 0.08f, 0.6f * strength * draws.Between(0.4f, 1), thick);
        }
    }

    /// <summary>Closed wavy outlines.</summary>
    public static void Membranes(Draws draws, Grid light, float scale, float strength)
    {
        int count = 1 + draws.Below(14);
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = (draws.Next() * light.Width, draws.Next() * light.Height);
            float radius = scale * draws.Between(10, 45), one = 0.8f * strength * draws.Between(0.4f, 1);
            float[] waves = [.. Enumerable.Range(2, 5).Select(k => 0.25f * draws.Bell() / k)];
            int steps = (int)(2 * Math.PI * radius / Step) + 8;
            (float cos, float sin) = (
                (float)Elementary.CosPi(2.0 / steps), (float)Elementary.CosPi((2.0 / steps) - 0.5));
            (float X, float Y) at = draws.Direction();
            for (int step = 0; step < steps; step++)
            {
                // cos kθ from one k to the next.
                (float X, float Y) turned = at;
                float r = 1;
                foreach (float wave in waves)
                {
                    turned = ((turned.X * at.X) - (turned.Y * at.Y), (turned.Y * at.X) + (turned.X * at.Y));
                    r += wave * turned.X;
                }

                light.Splat(x + (radius * r * at.X), y + (radius * r * at.Y), Step * one * 1.5f);
                at = ((cos * at.X) - (sin * at.Y), (sin * at.X) + (cos * at.Y));
            }
        }
    }

    /// <summary>A line that wanders, in steps of half a pixel; thick ones are several side by side.</summary>
    private static void Line(
        Draws draws, Grid light, float x, float y, (float X, float Y) along, float length, float bend, float strength,
        float thick)
    {
        float turn = 0;
        int side = (int)MathF.Ceiling(thick / 0.7f);
        float each = Step * strength * 1.5f / ((0.6f * side) + 1);
        for (int step = (int)(length / Step); step > 0; step--)
        {
            if (step % 8 == 0)
            {
                turn = (0.7f * turn) + (bend * draws.Bell());
                along = DeadLeaves.Turned(along, turn);
                if (x < -20 || y < -20 || x > light.Width + 20 || y > light.Height + 20)
                {
                    return;
                }
            }

            for (int i = -side; i <= side; i++)
            {
                light.Splat(x - (0.7f * i * along.Y), y + (0.7f * i * along.X), each);
            }

            (x, y) = (x + (Step * along.X), y + (Step * along.Y));
        }
    }
}
