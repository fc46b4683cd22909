namespace Klar.Generated;

/// <summary>
/// What a fluorescence microscope sees: things that shine on a dark ground, added up, blurred by the optics, under
/// haze. A picture has one to
/// three kinds of things, as stains have.
/// </summary>
internal static class Fluorescence
{
    public static Grid Draw(Draws draws, int width, int height)
    {
        var light = new Grid(width, height);
        float scale = draws.LogBetween(0.5f, 2.2f);
        int stains = draws.Chance(0.06f) ? 0 : 1 + draws.Below(3);
        for (int stain = 0; stain < stains; stain++)
        {
            float strength = draws.Between(0.25f, 1);
            switch (draws.Below(9))
            {
                case 0 or 1:
                    Cells.Nuclei(draws, light, scale, strength);
                    break;
                case 2 or 3:
                    Threads.Filaments(draws, light, scale, strength);
                    break;
                case 4:
                    Cells.Tissue(draws, light, scale, strength);
                    break;
                case 5:
                    Threads.Membranes(draws, light, scale, strength);
                    break;
                case 6:
                    Spots.Vesicles(draws, light, scale, strength);
                    break;
                case 7:
                    Spots.Puncta(draws, light, strength);
                    break;
                default:
                    Threads.Mitochondria(draws, light, scale, strength);
                    break;
            }
        }

        if (draws.Chance(0.2f))
        {
            Spots.Puncta(draws, light, draws.Between(0.3f, 1.5f));
        }

        Grid seen = light.Blurred(draws.LogBetween(0.5f, 3));
        Haze(draws, seen, light);
        Expose(draws, seen);
        return seen;
    }

    /// <summary>Light from above and below the plane in focus.</summary>
    private static void Haze(Draws draws, Grid seen, Grid light)
    {
        if (draws.Chance(0.6f))
        {
            float share = draws.Between(0.05f, 0.6f);
            Grid haze = light.Halved().Blurred(draws.Between(3, 9));
            for (int y = 0; y < seen.Height; y++)
            {
                ReadOnlySpan<float> from = haze.Row(Math.Min(y / 2, haze.Height - 1));
                Span<float> to = seen.Row(y);
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] += share * from[Math.Min(x / 2, from.Length - 1)];
                }
            }
        }

        if (draws.Chance(0.4f))
        {
            (float X, float Y) at = (256 * draws.Next(), 256 * draws.Next());
            float strength = draws.Between(0.02f, 0.15f), zoom = draws.Between(0.05f, 0.3f);
            float[] clouds = Textures.All[draws.Below(3) + Textures.Count - 3];
            for (int i = 0; i < seen.Values.Length; i++)
            {
                seen.Values[i] += strength * Math.Max(
                    0, 1 + Textures.At(clouds, at.X + (zoom * (i % seen.Width)), at.Y + (zoom * (i / seen.Width))));
            }
        }
    }

    /// <summary>The camera's ground and gain: what is brightest reaches some level, or is cut off.</summary>
    private static void Expose(Draws draws, Grid seen)
    {
        float most = 1e-3f;
        for (int i = 0; i < seen.Values.Length; i += 3)
        {
            most = Math.Max(most, seen.Values[i]);
        }

        float ground = draws.Chance(0.5f) ? draws.Between(0, 0.03f) : draws.Between(0, 0.2f);
        float reached = draws.Chance(0.6f) ? draws.Between(0.6f, 1.15f) : draws.LogBetween(0.12f, 0.8f);
        float gain = Math.Min(reached / most, 4);
        foreach (ref float value in seen.Values.AsSpan())
        {
            value = ground + (gain * value);
        }
    }
}
