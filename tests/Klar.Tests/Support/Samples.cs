using Klar.Numerics;

namespace Klar.Tests.Support;

/// <summary>Test data, a function of the seed.</summary>
internal static class Samples
{
    public static float[] Gaussian(int length, ulong seed, double sigma = 1)
    {
        var random = new CounterRandom(seed, RandomStream.DemoPicture);
        float[] samples = new float[length];
        for (int i = 0; i < length; i++)
        {
            samples[i] = (float)(sigma * random.Normal((ulong)i));
        }

        return samples;
    }

    /// <summary>Discs on a ramp, 0.05 to 0.9: something to denoise.</summary>
    public static Plane Picture(int width, int height, ulong seed = 3)
    {
        var random = new CounterRandom(seed, RandomStream.DemoPicture);
        float[] samples = new float[width * height];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = 0.05f + (0.25f * (i % width) / width);
        }

        for (ulong disc = 0; disc < (ulong)(1 + (width * height / 250)); disc++)
        {
            double cx = width * random.Uniform(4 * disc), cy = height * random.Uniform((4 * disc) + 1);
            double radius = 2 + (7 * random.Uniform((4 * disc) + 2)),
                value = 0.1 + (0.8 * random.Uniform((4 * disc) + 3));
            for (int i = 0; i < samples.Length; i++)
            {
                double dx = (i % width) - cx, dy = (i / width) - cy;
                samples[i] = (dx * dx) + (dy * dy) < radius * radius ? (float)value : samples[i];
            }
        }

        return Plane.From(width, height, samples);
    }
}
