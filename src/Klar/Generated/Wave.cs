namespace Klar.Generated;

/// <summary>A grating: a periodic function of the place, between −1 and 1.</summary>
/// <param name="X">Periods a pixel across.</param>
/// <param name="Y">Periods a pixel down.</param>
/// <param name="Phase">Where it begins.</param>
/// <param name="Steepness">1 is about a sine; larger ones are bars with ever sharper edges.</param>
internal readonly record struct Wave(float X, float Y, float Phase, float Steepness)
{
    public static Wave Of(Draws draws, float shortest, float longest)
    {
        (float x, float y) = draws.Direction();
        float frequency = 1 / draws.LogBetween(shortest, longest);
        return new Wave(x * frequency, y * frequency, draws.Next(), draws.Chance(0.5f) ? 1 : draws.Between(1.5f, 8));
    }

    /// <summary>The same, a quarter turned: with it, a weave.</summary>
    public Wave Across => this with { X = -Y, Y = X };

    public float At(float x, float y)
    {
        float t = (X * x) + (Y * y) + Phase;
        t = (2 * (t - MathF.Floor(t))) - 1;
        return Math.Clamp(Steepness * 4 * t * (1 - MathF.Abs(t)), -1, 1);
    }
}
