namespace Klar.Reports.Field;

/// <summary>What a generated field shows.</summary>
public enum FieldTexture
{
    /// <summary>Round cells on a dark ground, a little out of focus.</summary>
    SoftCells,

    /// <summary>The same in focus.</summary>
    SharpCells,

    /// <summary>Thin bent fibres.</summary>
    Filaments,

    /// <summary>Spots as small as the optics let them be.</summary>
    Puncta,

    /// <summary>Structure of all sizes all over the field.</summary>
    Tissue,
}

/// <summary>Clean pictures as a fluorescence microscope shows them, 0..1, the same for the same seed.</summary>
public static class FieldScene
{
    /// <summary>A scene.</summary>
    /// <param name="side">Pixels across and down, 32 and more.</param>
    /// <param name="texture">What it shows.</param>
    /// <param name="covered">About the share of the field that is not dark, 0 to 1.</param>
    /// <param name="seed">Another seed, another scene.</param>
    public static Image Create(int side, FieldTexture texture, double covered, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 32);
#pragma warning disable CA5394 // scenes need to be the same for the same seed, not secret
        var dice = new Random(seed);
        float[] light = new float[side * side];
        switch (texture)
        {
            case FieldTexture.Tissue:
                Tissue(light, side, dice);
                break;
            case FieldTexture.Filaments:
                Until(0.6 * covered, light, () => Filament(light, side, dice));
                break;
            case FieldTexture.Puncta:
                Until(covered / 12, light, () => light[dice.Next(light.Length)] += 0.2f + (float)dice.NextDouble());
                break;
            default:
                Until(covered, light, () => Cell(light, side, dice));
                break;
        }
#pragma warning restore CA5394

        float blur = texture switch
        {
            FieldTexture.SoftCells => 2.5f,
            FieldTexture.SharpCells or FieldTexture.Filaments => 1,
            FieldTexture.Puncta => 1.2f,
            _ => 0.8f,
        };
        Image blurred = new GaussianFilter(new GaussianOptions { Sigma = blur }, new RunSettings { Threads = 1 })
            .Denoise(new Image(Plane.From(side, side, light))).Image;
        float most = Math.Max(1e-6f, blurred.Planes[0].Samples.ToArray().Max());
        return new Image(Plane.Create(side, side, (blurred, most), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from.blurred.Planes[0].Samples[i] / from.most;
            }
        }));
    }

    /// <summary>Draws until so much of the field is lit, or often enough.</summary>
    private static void Until(double covered, float[] light, Action draw)
    {
        for (int tries = 0; tries < 200_000; tries++)
        {
            draw();
            if (tries % 8 == 7 && light.Count(static sample => sample > 0.05f) >= covered * light.Length)
            {
                return;
            }
        }
    }

    private static void Cell(float[] light, int side, Random dice)
    {
        (double x, double y, double radius) =
            (dice.NextDouble() * side, dice.NextDouble() * side, 3 + (7 * dice.NextDouble()));
        (double turn, double flat, double bright) =
            (Math.PI * dice.NextDouble(), 0.5 + (0.5 * dice.NextDouble()), 0.2 + (0.8 * dice.NextDouble()));
        (double cos, double sin) = (Math.Cos(turn), Math.Sin(turn));
        int reach = (int)(radius + 4);
        for (int py = Math.Max(0, (int)y - reach); py <= Math.Min(side - 1, (int)y + reach); py++)
        {
            for (int px = Math.Max(0, (int)x - reach); px <= Math.Min(side - 1, (int)x + reach); px++)
            {
                (double dx, double dy) = (px - x, py - y);
                double distance = double.Hypot((dx * cos) + (dy * sin), ((dy * cos) - (dx * sin)) / flat);
                light[(py * side) + px] += (float)(bright / (1 + Math.Exp(Math.Min(50, 3 * (distance - radius)))));
            }
        }
    }

    private static void Filament(float[] light, int side, Random dice)
    {
        (double x, double y, double heading) =
            (dice.NextDouble() * side, dice.NextDouble() * side, 2 * Math.PI * dice.NextDouble());
        float bright = 0.3f + (float)dice.NextDouble();
        double bend = 0;
        for (int step = 0; step < side; step++)
        {
            (x, y) = (x + Math.Cos(heading), y + Math.Sin(heading));
            if (x < 0 || y < 0 || x >= side || y >= side)
            {
                return;
            }

            int at = ((int)y * side) + (int)x;
            light[at] = Math.Max(light[at], bright);
            bend = (0.95 * bend) + (0.02 * (dice.NextDouble() - 0.5));
            heading += bend;
        }
    }

    private static void Tissue(float[] light, int side, Random dice)
    {
        for (int grid = 3; grid < side / 2; grid *= 2)
        {
            float weight = 1f / grid;
            float[] nodes =
                [.. Enumerable.Range(0, (grid + 2) * (grid + 2)).Select(_ => (float)(dice.NextDouble() - 0.5))];
            for (int i = 0; i < light.Length; i++)
            {
                (float x, float y) = ((float)(i % side) * grid / side, (float)(i / side) * grid / side);
                (int left, int top) = ((int)x, (int)y);
                (float u, float v) = (Smooth(x - left), Smooth(y - top));
                int node = (top * (grid + 2)) + left;
                float upper = nodes[node] + (u * (nodes[node + 1] - nodes[node]));
                float lower = nodes[node + grid + 2] + (u * (nodes[node + grid + 3] - nodes[node + grid + 2]));
                light[i] += weight * (upper + (v * (lower - upper)));
            }
        }

        (float least, float most) = (light.Min(), light.Max());
        for (int i = 0; i < light.Length; i++)
        {
            light[i] = 0.15f + (0.85f * (light[i] - least) / (most - least));
        }
    }

    private static float Smooth(float t) => t * t * (3 - (2 * t));
}
