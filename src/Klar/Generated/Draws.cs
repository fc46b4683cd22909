using Klar.Numerics;

namespace Klar.Generated;

/// <summary>
/// The random numbers of one generated picture, one after another; all of it is a function of seed and number.
/// </summary>
/// <remarks>Only operations that every processor rounds alike: no sine, no power of the C library.</remarks>
internal sealed class Draws(ulong seed, ulong number)
{
    private readonly CounterRandom _random = new(seed, RandomStream.GeneratedPictures);
    private uint _drawn;
    private double? _spare;

    /// <summary>Uniform on (0, 1).</summary>
    public float Next()
    {
        if (_spare is { } kept)
        {
            _spare = null;
            return (float)kept;
        }

        (double first, double second) = _random.TwoUniforms(number, _drawn++);
        _spare = second;
        return (float)first;
    }

    public float Between(float least, float most) => least + (Next() * (most - least));

    /// <summary>Uniform in the logarithm, for sizes and strengths.</summary>
    public float LogBetween(float least, float most) =>
        (float)Elementary.Exp(Between((float)Elementary.Log(least), (float)Elementary.Log(most)));

    public bool Chance(float probability) => Next() < probability;

    /// <summary>Uniform on 0..<paramref name="count"/> − 1.</summary>
    public int Below(int count) => Math.Min(count - 1, (int)(Next() * count));

    /// <summary>
    /// A length with density r⁻³ between two lengths: what a world looks like that has no scale of its own.
    /// </summary>
    public float Size(float least, float most)
    {
        float a = 1 / (least * least), b = 1 / (most * most);
        return 1 / MathF.Sqrt(a + (Next() * (b - a)));
    }

    /// <summary>A random direction, of length 1.</summary>
    public (float X, float Y) Direction()
    {
        while (true)
        {
            (float x, float y) = ((2 * Next()) - 1, (2 * Next()) - 1);
            float square = (x * x) + (y * y);
            if (square is > 0.01f and < 1)
            {
                float length = MathF.Sqrt(square);
                return (x / length, y / length);
            }
        }
    }

    /// <summary>About normal, of variance 1: the sum of three uniforms.</summary>
    public float Bell() => 2 * (Next() + Next() + Next() - 1.5f);
}
