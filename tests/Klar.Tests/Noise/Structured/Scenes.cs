using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Noise.Structured;

/// <summary>Pictures whose structure is made of rows, and noise of rows.</summary>
internal static class Scenes
{
    public const int Side = 512;

    /// <summary>White noise of a level, with offsets of rows and columns, whose mean is 0.</summary>
    public static Plane Noisy(Plane clean, double sigma, double rows = 0, double columns = 0, ulong seed = 1)
    {
        float[] samples = Samples.Gaussian(clean.Samples.Length, seed, sigma);
        double[] down = Offsets(clean.Height, seed + 100, rows), across = Offsets(clean.Width, seed + 200, columns);
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] += (float)(clean.Samples[i] + down[i / clean.Width] + across[i % clean.Width]);
        }

        return Plane.From(clean.Width, clean.Height, samples);
    }

    /// <summary>Offsets of lines.</summary>
    public static double[] Offsets(int lines, ulong seed, double sigma)
    {
        float[] offsets = Samples.Gaussian(lines, seed, sigma);
        double mean = offsets.Average(static one => (double)one);
        return [.. offsets.Select(one => one - mean)];
    }

    /// <summary>Lines across the picture, of a period in pixels.</summary>
    public static Plane Grating(double period, bool isSquare, bool isUpright) => Of((x, y) =>
    {
        double wave = Elementary.CosPi(2 * (isUpright ? x : y) / period);
        return isSquare ? 0.5 + (0.3 * Math.Sign(wave)) : 0.5 + (0.3 * wave);
    });

    /// <summary>Lines whose period falls all over the picture: their spectrum is flat.</summary>
    public static Plane Chirp() => Of(static (_, y) => 0.5 + (0.3 * Elementary.CosPi(0.5 * y * y / Side)));

    /// <summary>A gel: lanes with bands, or one ladder of bands over all its width.</summary>
    public static Plane Gel(ulong seed, bool isLadder)
    {
        var random = new CounterRandom(seed, RandomStream.DemoPicture);
        return Of((x, y) =>
        {
            int lane = isLadder ? 0 : x / 43;
            bool isBetween = !isLadder && x % 43 is < 5 or > 38;
            double darkness = 0;
            for (int band = 0; !isBetween && band < 12; band++)
            {
                double at = Side * random.Uniform((ulong)((lane * 40) + band));
                double width = 1.5 + (4 * random.Uniform((ulong)((lane * 40) + band), draw: 1));
                double strength = 0.1 + (0.3 * random.Uniform((ulong)((lane * 40) + band), draw: 2));
                darkness += strength * Elementary.Exp(-0.5 * (y - at) * (y - at) / (width * width));
            }

            return 0.85 - darkness;
        });
    }

    /// <summary>Layers of random brightness and height, over all the picture's width, as optics show them.</summary>
    public static Plane Layers(ulong seed)
    {
        var random = new CounterRandom(seed, RandomStream.DemoPicture);
        double[] layers = new double[Side];
        for (int y = 0, layer = 0; y < Side; layer++)
        {
            int height = 1 + (int)(11 * random.Uniform((ulong)layer));
            for (int i = 0; i < height && y < Side; i++)
            {
                layers[y++] = random.Uniform((ulong)layer, draw: 1);
            }
        }

        double[] blurred = [.. layers.Select((_, y) => 0.25 * (
            layers[Math.Max(0, y - 1)] + (2 * layers[y]) + layers[Math.Min(Side - 1, y + 1)]))];
        return Of((_, y) => blurred[y]);
    }

    /// <summary>A page of text: lines of strokes, with ruled lines between them.</summary>
    public static Plane Page(ulong seed, bool isRuled)
    {
        var random = new CounterRandom(seed, RandomStream.DemoPicture);
        int height = 12 + (int)(2 * seed);
        return Of((x, y) =>
        {
            (int line, int at) = (y / height, y % height);
            bool isStroke = at < height / 2 && x is > 20 and < Side - 20
                && random.Uniform((ulong)((line * 1000) + (x / 3)), draw: (uint)(at / 4)) < 0.4;
            return isStroke || (isRuled && at == height - 3) ? 0.15 : 0.95;
        });
    }

    private static Plane Of(Func<int, int, double> sample) => Plane.From(
        Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => (float)sample(i % Side, i / Side))]);
}
