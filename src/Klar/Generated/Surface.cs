namespace Klar.Generated;

/// <summary>What a leaf or wall looks like, place by place: flat, shaded, rough, or with a grating or weave.</summary>
internal sealed class Surface
{
    private float _level;
    private float _slopeX;
    private float _slopeY;
    private float _bulge;
    private float _roughness;
    private float[] _field = [];
    private (float Cos, float Sin, float X, float Y) _look;
    private float _waves;
    private Wave _wave;
    private bool _weave;

    /// <summary>How surfaces of a scene are: shares of them, and how strong.</summary>
    internal readonly record struct Style(float Shaded, float Rough, float Roughness, float Wavy, float Contrast)
    {
        public static Style Of(Draws draws) => new(
            draws.Next(), draws.Chance(0.25f) ? 0 : draws.Next(), draws.LogBetween(0.01f, 0.12f), draws.Chance(0.5f)
                ? 0 : draws.Between(0, 0.4f), draws.LogBetween(0.03f, 0.3f));
    }

    /// <summary>A new surface of a brightness, for something of about this size.</summary>
    public void Draw(Draws draws, in Style style, float level, float size)
    {
        _level = level;
        (_slopeX, _slopeY, _bulge, _roughness, _waves) = (0, 0, 0, 0, 0);
        if (draws.Chance(style.Shaded))
        {
            (float x, float y) = draws.Direction();
            float rise = draws.Between(0, 0.25f) / size;
            (_slopeX, _slopeY) = (x * rise, y * rise);
            _bulge = draws.Chance(0.3f) ? draws.Between(-0.3f, 0.3f) / (size * size) : 0;
        }

        if (draws.Chance(style.Rough))
        {
            _roughness = style.Roughness * draws.Between(0.3f, 1.7f);
            _field = Textures.All[draws.Below(Textures.Count)];
            (float x, float y) = draws.Direction();
            float zoom = draws.LogBetween(0.2f, 1);
            _look = (x * zoom, y * zoom, 256 * draws.Next(), 256 * draws.Next());
        }

        if (draws.Chance(style.Wavy))
        {
            _waves = style.Contrast * draws.Between(0.3f, 1.7f);
            _wave = Wave.Of(draws, 4.5f, Math.Clamp(size, 8, 60));
            _weave = draws.Chance(0.3f);
        }
    }

    /// <summary>The brightness at a place, seen from the middle of the thing.</summary>
    public float At(float x, float y)
    {
        float value = _level + (_slopeX * x) + (_slopeY * y) + (_bulge * ((x * x) + (y * y)));
        if (_roughness > 0)
        {
            value += _roughness * Textures.At(
                _field, (_look.Cos * x) - (_look.Sin * y) + _look.X, (_look.Sin * x) + (_look.Cos * y) + _look.Y);
        }

        if (_waves > 0)
        {
            float wave = _wave.At(x, y);
            value += _waves * (_weave ? wave * _wave.Across.At(x, y) : wave);
        }

        return value;
    }
}
