namespace Klar.NonLocal.NlRidge;

/// <summary>
/// The variance of the noise of a sample x of channel c: gain · x + σ_c², never negative; where the level varies over
/// the page, σ_c² times the square of the map.
/// </summary>
internal sealed class NoiseVariance(float gain, float[] sigmas, NoiseMap? map = null)
{
    /// <summary>The summed variance of the patch that begins at a position, its channels side by side.</summary>
    public float Sum(ReadOnlySpan<float> patch, int position)
    {
        int side = patch.Length / sigmas.Length;
        float level = map?.OfPatch(position, (int)Math.Sqrt(side)) ?? 1;
        double sum = 0;
        for (int c = 0; c < sigmas.Length; c++)
        {
            double variance = (double)sigmas[c] * sigmas[c] * level * level;
            if (gain == 0)
            {
                sum += side * variance;
                continue;
            }

            foreach (float sample in patch.Slice(c * side, side))
            {
                sum += Math.Max(0, (gain * (double)sample) + variance);
            }
        }

        return (float)sum;
    }

    /// <summary>The root of the mean variance over an image, which chooses patches and groups.</summary>
    public double Level(float[][] channels) =>
        Math.Sqrt(channels.Select((samples, c) =>
            Math.Max(0, gain * samples.Average(static s => (double)s)) + ((double)sigmas[c] * sigmas[c])).Average());
}
