using System.Numerics;
using Klar.Numerics;

namespace Klar.Generated;

/// <summary>
/// Fields of normal noise whose power falls with frequency as f^-b, periodic, of mean 0 and variance 1: what surfaces,
/// chromatin and clouds are made
/// of. They are made once; a picture looks into them at places, angles and sizes of its own.
/// </summary>
internal static class Textures
{
    /// <summary>Fields, from rough to smooth.</summary>
    public const int Count = 8;

    private const int Side = 256;

    // Powers b. From 3 on the largest waves rule: clouds.
    private static readonly double[] Powers = [0.6, 1, 1.4, 1.8, 2.2, 2.6, 3, 3.6];
    private static readonly Lazy<float[][]> Fields = new(
        static () => [.. Powers.Select(static (power, i) => Field(power, i))]);

    /// <summary>All fields; look at one with <see cref="At"/>.</summary>
    public static float[][] All => Fields.Value;

    /// <summary>A field's value between its samples.</summary>
    public static float At(float[] field, float x, float y)
    {
        (float left, float top) = (MathF.Floor(x), MathF.Floor(y));
        (float right, float low) = (x - left, y - top);
        (int x0, int y0) = ((int)left & (Side - 1), (int)top & (Side - 1));
        (int x1, int y1) = ((x0 + 1) & (Side - 1), (y0 + 1) & (Side - 1));
        float above = field[(y0 * Side) + x0] + (right * (field[(y0 * Side) + x1] - field[(y0 * Side) + x0]));
        float below = field[(y1 * Side) + x0] + (right * (field[(y1 * Side) + x1] - field[(y1 * Side) + x0]));
        return above + (low * (below - above));
    }

    private static float[] Field(double power, int number)
    {
        var random = new CounterRandom(0, RandomStream.GeneratedTextures);
        var waves = new Complex[Side * Side];
        for (int i = 1; i < waves.Length; i++)
        {
            (int u, int v) = (Math.Min(i % Side, Side - (i % Side)), Math.Min(i / Side, Side - (i / Side)));
            double height = Elementary.Exp(-0.25 * power * Elementary.Log((u * u) + (v * v)));
            ulong at = 2 * (ulong)((number * Side * Side) + i);
            waves[i] = new Complex(height * random.Normal(at), height * random.Normal(at + 1));
        }

        FourierTransform.Square(waves, Side);
        double squares = 0;
        foreach (Complex value in waves)
        {
            squares += value.Real * value.Real;
        }

        double scale = Math.Sqrt(waves.Length / squares);
        return Array.ConvertAll(waves, value => (float)(scale * value.Real));
    }
}
