namespace Klar.Generated;

/// <summary>Small round things: points of a pixel, vesicles full or hollow.</summary>
internal static class Spots
{
    /// <summary>Points, few of them bright; some gather in clusters.</summary>
    public static void Puncta(Draws draws, Grid light, float strength)
    {
        int count = (int)draws.LogBetween(8, 500);
        bool clusters = draws.Chance(0.4f);
        (float X, float Y)[] centres = [
            .. Enumerable.Range(0, 1 + draws.Below(5))
            .Select(_ => (draws.Next() * light.Width, draws.Next() * light.Height))];
        float spread = draws.Between(10, 50);
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = centres[draws.Below(centres.Length)];
            (x, y) = clusters ? (x + (spread * draws.Bell()), y + (spread * draws.Bell()))
                : (draws.Next() * light.Width, draws.Next() * light.Height);
            light.Splat(x, y, strength * draws.Size(0.5f, 8));
        }
    }

    /// <summary>Discs and rings of a few pixels.</summary>
    public static void Vesicles(Draws draws, Grid light, float scale, float strength)
    {
        int count = (int)draws.LogBetween(5, 150);
        float hollow = draws.Next(), largest = Math.Max(2, scale * draws.Between(2, 7));
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = (draws.Next() * light.Width, draws.Next() * light.Height);
            float radius = draws.Between(1.2f, largest), one = strength * draws.Between(0.3f, 1),
                core = draws.Chance(hollow) ? draws.Between(0, 0.4f) : 1;
            int reach = (int)radius + 2;
            for (int row = Math.Max(0, (int)y - reach); row <= Math.Min(light.Height - 1, (int)y + reach); row++)
            {
                Span<float> line = light.Row(row);
                for (int column = Math.Max(0, (int)x - reach); column <= Math.Min(
                    line.Length - 1, (int)x + reach); column++)
                {
                    (float dx, float dy) = (column - x, row - y);
                    float distance = MathF.Sqrt((dx * dx) + (dy * dy));
                    float edge = Math.Clamp(radius - distance + 0.5f, 0, 1),
                        inner = Math.Clamp(radius - 1 - distance, 0, 1);
                    line[column] += one * (edge - ((1 - core) * inner));
                }
            }
        }
    }
}
