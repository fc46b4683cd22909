using Klar.Numerics;

namespace Klar.Generated;

/// <summary>
/// Pictures without end, as a function of a seed and a number: the same bits on every machine. Half of them look like
/// photographs, a third like
/// fluorescence micrographs, the rest has straight edges or writing.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="side">Samples of a side; even.</param>
internal sealed class GeneratedPictures(ulong seed, int side)
{
    /// <summary>What a picture looks like.</summary>
    internal enum Kind
    {
        Photograph,
        Fluorescence,
        Straight,
        Writing,
    }

    /// <summary>Samples of a side.</summary>
    public int Side => side;

    /// <summary>What picture number <paramref name="number"/> looks like.</summary>
    public Kind KindOf(ulong number) => KindOf(new Draws(seed, number));

    /// <summary>Picture number <paramref name="number"/>, row-major, from 0 (black) to 1 (white).</summary>
    public float[] At(ulong number)
    {
        var draws = new Draws(seed, number);
        Kind kind = KindOf(draws);
        Grid picture = kind switch
        {
            Kind.Photograph => Developed(draws, DeadLeaves.Draw(draws, 2 * side, 2 * side)),
            Kind.Straight => Developed(draws, StraightScenes.Draw(draws, 2 * side, 2 * side)),
            Kind.Writing => Developed(draws, Writing.Draw(draws, 2 * side, 2 * side)),
            _ => Fluorescence.Draw(draws, side, side),
        };
        Tone(draws, picture.Values, kind);
        return picture.Values;
    }

    /// <summary>The same as a plane.</summary>
    public Plane PlaneAt(ulong number) => new(side, side, At(number));

    private static Kind KindOf(Draws draws) => draws.Next() switch
    {
        < 0.5f => Kind.Photograph,
        < 0.82f => Kind.Fluorescence,
        < 0.93f => Kind.Straight,
        _ => Kind.Writing,
    };

    /// <summary>What lens and sensor make of a scene that was drawn at twice the size.</summary>
    private static Grid Developed(Draws draws, Grid scene)
    {
        if (draws.Chance(0.5f))
        {
            scene = scene.Blurred(draws.LogBetween(0.5f, 3));
        }

        return scene.Halved();
    }

    /// <summary>
    /// A tone curve x^γ; fluorescence also as a variance stabilisation leaves it, which is about a square root.
    /// </summary>
    private static void Tone(Draws draws, float[] values, Kind kind)
    {
        const int Entries = 1024;
        float gamma = kind == Kind.Fluorescence && draws.Chance(0.4f) ? 0.5f : draws.Chance(0.5f) ? 1
            : draws.LogBetween(0.6f, 1.6f);
        bool negative = draws.Chance(0.08f);
        float[] curve = new float[Entries + 2];
        for (int i = 1; i < curve.Length; i++)
        {
            curve[i] = gamma == 1 ? (float)i / Entries
                : (float)Elementary.Exp(gamma * Elementary.Log((double)i / Entries));
        }

        foreach (ref float value in values.AsSpan())
        {
            float at = Math.Clamp(value, 0, 1) * Entries;
            int i = (int)at;
            float toned = curve[i] + ((at - i) * (curve[i + 1] - curve[i]));
            value = negative ? 1 - toned : toned;
        }
    }
}
