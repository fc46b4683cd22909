namespace Klar.Generated;

/// <summary>
/// The brightness of a scene's things: within a range, some near a few tones, and darker where less light falls.
/// </summary>
internal sealed class Palette
{
    private readonly float[] _tones;
    private readonly float _spread;
    private readonly float _darkest;
    private readonly float _brightest;
    private readonly float[] _light = Textures.All[^1];
    private readonly (float X, float Y, float Strength) _fall;

    private Palette(Draws draws)
    {
        float range = draws.Chance(0.6f) ? draws.Between(0.6f, 1) : draws.Between(0.1f, 0.6f);
        _darkest = draws.Between(0, 1 - range);
        _brightest = _darkest + range;
        _tones = [.. Enumerable.Range(0, 2 + draws.Below(5)).Select(_ => draws.Next())];
        _spread = draws.Chance(0.5f) ? 1 : draws.Between(0.05f, 0.3f);
        _fall = (256 * draws.Next(), 256 * draws.Next(), draws.Chance(0.5f) ? draws.Between(0, 0.25f) : 0);
    }

    public static Palette Of(Draws draws) => new(draws);

    /// <summary>A brightness for something at a place, in shares of the picture.</summary>
    public float Level(Draws draws, float x, float y)
    {
        float tone = _spread >= 1 ? draws.Next()
            : Math.Clamp(_tones[draws.Below(_tones.Length)] + (_spread * draws.Bell()), 0, 1);
        float level = _darkest + (tone * (_brightest - _darkest));
        return Math.Clamp(level + (_fall.Strength * Textures.At(_light, _fall.X + (48 * x), _fall.Y + (48 * y))), 0, 1);
    }
}
