using Klar.Generated;
using Klar.Noise;
using Klar.Numerics;

namespace Klar.Prior;

/// <summary>
/// Puts noise on a crop as microscopes and what is done to their pictures leave it: white or correlated between
/// neighbours, of one level or of one that
/// varies over the picture or with brightness, some of it cut off at black and white. Says what a measurement would
/// have told of it.
/// </summary>
internal sealed class CropNoise(ulong seed, int side)
{
    private const float MinSigma = 1, MaxSigma = 80;
    private const float MaxBlur = 1.2f;
    private const int Reach = 4;
    private const float White = 255;

    private readonly CounterRandom _choice = new(seed, RandomStream.PriorCrops);
    private readonly CounterRandom _normal = new(seed, RandomStream.PriorNoise);
    private readonly float[] _white = new float[(side + (2 * Reach)) * (side + (2 * Reach))];
    private readonly float[] _rows = new float[side * (side + (2 * Reach))];

    /// <summary>The noisy crop.</summary>
    public float[] Noisy { get; } = new float[side * side];

    /// <summary>What a perfect denoiser would find: the mean of the noisy crop.</summary>
    public float[] Target { get; } = new float[side * side];

    /// <summary>The level that is told, sample by sample.</summary>
    public float[] Level { get; } = new float[side * side];

    /// <summary>Correlation of neighbours across and down.</summary>
    public (float Across, float Down) Lag1 { get; private set; }

    /// <summary>The level that was drawn, in 255ths of white.</summary>
    public float Sigma { get; private set; }

    /// <summary>
    /// The noise there is, as a share of what is told: 1, but in a few crops less, as where a measurement took
    /// structure for noise.
    /// </summary>
    public float Share { get; private set; }

    /// <summary>Makes crop number <paramref name="number"/> noisy.</summary>
    public void Add(ulong number, ReadOnlySpan<float> clean)
    {
        // Denser among the low levels, where microscopes are.
        float root = MathF.Sqrt(MinSigma) + (Draw(number, 10) * (MathF.Sqrt(MaxSigma) - MathF.Sqrt(MinSigma)));
        Sigma = root * root;
        float sigma = Sigma / White;
        Correlated(number);
        bool byBrightness = false;
        switch (Draw(number, 11))
        {
            case < 0.65f:
                Level.AsSpan().Fill(sigma);
                break;
            case < 0.85f:
                Clouds(number, sigma);
                break;
            default:
                byBrightness = true;
                ByBrightness(clean, sigma, photons: 0.3f + (0.7f * Draw(number, 12)), Level);
                break;
        }

        bool cut = Draw(number, 13) < 0.12f;
        Share = Draw(number, 21) < 0.05f ? Draw(number, 22) : 1;
        for (int i = 0; i < Noisy.Length; i++)
        {
            float value = clean[i] + (Share * Level[i] * Noisy[i]);
            Noisy[i] = cut ? Math.Clamp(value, 0, 1) : value;
            Target[i] = cut ? (float)ClippedNormal.Moments(clean[i], Share * Level[i], black: true, white: true).Mean
                : clean[i];
        }

        if (byBrightness)
        {
            // What is known of brightness is the noisy picture, blurred.
            var grid = new Grid(side, side);
            Noisy.CopyTo(grid.Values, 0);
            ByBrightness(grid.Blurred(2).Values, sigma, 0.3f + (0.7f * Draw(number, 12)), Level);
        }
    }

    private float Draw(ulong number, uint what) => (float)_choice.Uniform(number, what);

    /// <summary>Normal noise of variance 1, blurred by a Gaussian of its own width across and down.</summary>
    private void Correlated(ulong number)
    {
        float kind = Draw(number, 14);
        float across = kind is < 0.55f or (> 0.75f and < 0.85f) ? 0 : MaxBlur * Draw(number, 15);
        float down = kind is < 0.55f or (> 0.85f and < 0.95f) ? 0 : kind < 0.75f ? across : MaxBlur * Draw(number, 16);
        float[] tapsAcross = Taps(across), tapsDown = Taps(down);
        Lag1 = (Lag(tapsAcross), Lag(tapsDown));
        int wide = side + (2 * Reach);
        ulong first = number << 17;
        for (int i = 0; i < _white.Length; i++)
        {
            _white[i] = (float)_normal.Normal(first + (ulong)i);
        }

        for (int y = 0; y < wide; y++)
        {
            for (int x = 0; x < side; x++)
            {
                float sum = 0;
                for (int k = 0; k < tapsAcross.Length; k++)
                {
                    sum += tapsAcross[k] * _white[(y * wide) + x + Reach - (tapsAcross.Length / 2) + k];
                }

                _rows[(y * side) + x] = sum;
            }
        }

        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                float sum = 0;
                for (int k = 0; k < tapsDown.Length; k++)
                {
                    sum += tapsDown[k] * _rows[((y + Reach - (tapsDown.Length / 2) + k) * side) + x];
                }

                Noisy[(y * side) + x] = sum;
            }
        }
    }

    /// <summary>A level that varies smoothly, as from optics or illumination that was evened out.</summary>
    private void Clouds(ulong number, float sigma)
    {
        float[] field = Textures.All[^1];
        (float x, float y) = (256 * Draw(number, 17), 256 * Draw(number, 18));
        float zoom = 0.1f + (0.5f * Draw(number, 19)), strength = 0.2f + (0.4f * Draw(number, 20));
        for (int i = 0; i < Level.Length; i++)
        {
            Level[i] = sigma * Math.Clamp(
                1 + (strength * Textures.At(field, x + (zoom * (i % side)), y + (zoom * (i / side)))), 0.25f, 2.5f);
        }
    }

    /// <summary>Photon noise and read noise: σ² at half of white.</summary>
    private static void ByBrightness(ReadOnlySpan<float> picture, float sigma, float photons, Span<float> level)
    {
        for (int i = 0; i < level.Length; i++)
        {
            level[i] = sigma * MathF.Sqrt(Math.Max(0.02f, 1 - photons + (2 * photons * picture[i])));
        }
    }

    /// <summary>A Gaussian whose squares sum to 1: noise of variance 1 stays so.</summary>
    private static float[] Taps(float blur)
    {
        if (blur < 0.15f)
        {
            return [1];
        }

        double[] taps = [.. Enumerable.Range(-Reach, (2 * Reach) + 1)
            .Select(k => Elementary.Exp(-0.5 * k * k / ((double)blur * blur)))];
        double squares = 0;
        foreach (double tap in taps)
        {
            squares += tap * tap;
        }

        return [.. taps.Select(tap => (float)(tap / Math.Sqrt(squares)))];
    }

    private static float Lag(float[] taps)
    {
        float sum = 0;
        for (int k = 1; k < taps.Length; k++)
        {
            sum += taps[k - 1] * taps[k];
        }

        return sum;
    }
}
