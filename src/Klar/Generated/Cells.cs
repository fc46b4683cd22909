namespace Klar.Generated;

/// <summary>Nuclei with chromatin and holes, and tissue whose cells touch.</summary>
internal static class Cells
{
    public static void Nuclei(Draws draws, Grid light, float scale, float strength)
    {
        float radius = scale * draws.Between(9, 26), contrast = draws.Chance(0.3f) ? 0 : draws.Between(0.1f, 0.8f),
            body = draws.Chance(0.3f) ? draws.Between(0.03f, 0.2f) : 0;
        float[] chromatin = Textures.All[2 + draws.Below(4)];
        float zoom = draws.Between(0.4f, 1) / Math.Max(0.7f, scale);
        int count = Math.Clamp(
            (int)(light.Width * light.Height / (radius * radius) * draws.Between(0.03f, 0.25f)), 1, 60);
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = (draws.Next() * light.Width, draws.Next() * light.Height);
            float one = strength * draws.Between(0.4f, 1), a = radius * draws.Between(0.8f, 1.3f),
                b = a * draws.Between(0.6f, 1);
            if (body > 0)
            {
                Blob(light, x, y, 2.4f * a, 2 * b, draws.Direction(), one * body, (_, _) => 1);
            }

            (float X, float Y) look = (256 * draws.Next(), 256 * draws.Next());
            (float X, float Y, float R)[] holes = [
                .. Enumerable.Range(0, draws.Below(4))
                .Select(_ => (a * 0.5f * draws.Bell(), b * 0.5f * draws.Bell(), a * draws.Between(0.1f, 0.3f)))];
            Blob(light, x, y, a, b, draws.Direction(), one, (dx, dy) =>
            {
                float value = 1 + (contrast * Textures.At(chromatin, look.X + (zoom * dx), look.Y + (zoom * dy)));
                foreach ((float X, float Y, float R) hole in holes)
                {
                    float square = (((dx - hole.X) * (dx - hole.X)) + ((dy - hole.Y) * (dy - hole.Y)))
                        / (hole.R * hole.R);
                    value *= square < 1 ? 0.3f + (0.7f * square * square) : 1;
                }

                return Math.Max(0.05f, value);
            });
        }
    }

    /// <summary>
    /// Cells side by side: membranes where two are equally near, each with its own brightness, some with a nucleus.
    /// </summary>
    public static void Tissue(Draws draws, Grid light, float scale, float strength)
    {
        float size = scale * draws.Between(14, 40), wall = draws.Between(1, 3), walls = draws.Between(0, 1),
            inside = draws.Between(0, 0.5f), nucleus = draws.Chance(0.5f) ? draws.Between(0.15f, 0.35f) * size : 0;
        (int columns, int rows) = ((int)(light.Width / size) + 4, (int)(light.Height / size) + 4);
        (float X, float Y, float Level)[] sites = [
            .. Enumerable.Range(0, columns * rows)
            .Select(i => (((i % columns) - 1.5f + draws.Next()) * size, ((i / columns) - 1.5f + draws.Next()) * size,
            draws.Next()))];
        float[] rough = Textures.All[2 + draws.Below(4)];
        float roughness = draws.Between(0, 0.3f);
        for (int y = 0; y < light.Height; y++)
        {
            Span<float> row = light.Row(y);
            int cellRow = (int)(y / size) + 1;
            for (int x = 0; x < row.Length; x++)
            {
                (float first, float second, float level) = (1e9f, 1e9f, 0);
                int cell = ((cellRow - 1) * columns) + (int)(x / size);
                for (int near = 0; near < 9; near++)
                {
                    (float X, float Y, float Level) site = sites[cell + (near / 3 * columns) + (near % 3)];
                    float square = ((x - site.X) * (x - site.X)) + ((y - site.Y) * (y - site.Y));
                    if (square < first)
                    {
                        (second, first, level) = (first, square, site.Level);
                    }
                    else if (square < second)
                    {
                        second = square;
                    }
                }

                (float nearest, float next) = (MathF.Sqrt(first), MathF.Sqrt(second));
                float value = walls * Math.Max(0, 1 - ((next - nearest) / wall));
                value += inside * level * (1 + (roughness * Textures.At(rough, 0.7f * x, 0.7f * y)));
                value += nearest < nucleus ? 0.7f * level : 0;
                row[x] += strength * value;
            }
        }
    }

    /// <summary>An ellipse of light with a soft edge, textured.</summary>
    private static void Blob(
        Grid light, float x, float y, float a, float b, (float X, float Y) along, float strength,
        Func<float, float, float> texture)
    {
        int reach = (int)a + 2;
        for (int row = Math.Max(0, (int)y - reach); row < Math.Min(light.Height, (int)y + reach); row++)
        {
            Span<float> line = light.Row(row);
            for (int column = Math.Max(0, (int)x - reach); column < Math.Min(line.Length, (int)x + reach); column++)
            {
                (float dx, float dy) = (column - x, row - y);
                (float u, float v) = (((along.X * dx) + (along.Y * dy)) / a, ((along.X * dy) - (along.Y * dx)) / b);
                float square = (u * u) + (v * v);
                if (square < 1)
                {
                    line[column] += strength * Math.Min(1, 4 * (1 - square)) * texture(dx, dy);
                }
            }
        }
    }
}
