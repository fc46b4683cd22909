namespace Klar.Noise;

/// <summary>
/// A denoiser of clipped noise finds m = E[clip(x + n)], which is too bright at black and too dark at white; this
/// finds x.
/// </summary>
/// <remarks>
/// Foi, Signal Processing 89(12), 2009. Normal noise: m = x Φ(x/s) + s φ(x/s) at black, mirrored at white; s may
/// depend on x. Uniform noise of
/// width w: m = (x + w/2)² / 2w for |x| &lt; w/2. Both are monotone and inverted by a table.
/// </remarks>
internal sealed class Declipping
{
    private const int Entries = 4096;

    private readonly float[] _table = new float[Entries + 1];

    private Declipping(Func<double, double> inverse)
    {
        for (int i = 0; i <= Entries; i++)
        {
            _table[i] = (float)inverse(i / (double)Entries);
        }
    }

    /// <summary>For normal noise of level <paramref name="sigmaOf"/>(x), cut at black, at white, or both.</summary>
    public static Declipping OfNormal(Func<double, double> sigmaOf, bool black, bool white) =>
        new(mean => ClippedNormal.Invert(mean, sigmaOf, black, white));

    /// <summary>For uniform noise of total width w.</summary>
    public static Declipping OfUniform(double width, bool black, bool white) => new(mean =>
    {
        double x = black && mean < width / 2 ? Math.Sqrt(2 * width * mean) - (width / 2) : mean;
        x = white && mean > 1 - (width / 2) ? 1 - (Math.Sqrt(2 * width * (1 - mean)) - (width / 2)) : x;
        return Math.Clamp(x, 0, 1);
    });

    /// <summary>x of m, between the table's entries a line.</summary>
    public float Of(float mean)
    {
        float at = Math.Clamp(mean, 0, 1) * Entries;
        int i = Math.Min((int)at, Entries - 1);
        return _table[i] + ((at - i) * (_table[i + 1] - _table[i]));
    }

    /// <summary>dx/dm, over a step as wide as what a denoiser leaves.</summary>
    public float Slope(float mean)
    {
        const float Step = 0.01f;
        return (Of(mean + Step) - Of(mean - Step)) / (2 * Step);
    }
}
