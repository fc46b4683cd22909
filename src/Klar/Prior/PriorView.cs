namespace Klar.Prior;

/// <summary>
/// How a channel is shown to the network, which was trained on pictures between 0 and 1 with noise of σ 1.5 to 80 of
/// 255. Above that range the channel is shown with less contrast; below it, only a share of what the network removes at
/// the lowest trained level is removed.
/// </summary>
/// <param name="Centre">The sample that is shown as middle grey.</param>
/// <param name="Contrast">Shown differences over those of the samples, 0 to 1.</param>
/// <param name="Share">The share of what the network removes that is removed, 0 to 1.</param>
internal readonly record struct PriorView(float Centre, float Contrast, float Share)
{
    /// <summary>The lowest level of training, in white.</summary>
    public const float MinSigma = 1.5f / 255;

    private const float MaxSigma = 80 / 255f;
    private const float Middle = 0.5f;

    /// <summary>The view of a channel with noise of that level.</summary>
    /// <param name="sigma">σ in sample units, above 0.</param>
    /// <param name="isColourDifference">Whether its samples lie around 0 instead of between 0 and 1.</param>
    public static PriorView Of(float sigma, bool isColourDifference) =>
        new(isColourDifference ? 0 : Middle, Math.Min(1, MaxSigma / sigma), Math.Min(1, sigma / MinSigma));

    /// <summary>What the network sees.</summary>
    public float Shown(float sample) => (Contrast * (sample - Centre)) + Middle;

    /// <summary>The level that the network is given for noise of this level.</summary>
    public float ShownSigma(float sigma) => Contrast * sigma / Share;

    /// <summary>The sample that a value of the network's picture stands for.</summary>
    public float Restored(float shown, float sample)
    {
        float without = ((shown - Middle) / Contrast) + Centre;
        return Share == 1 ? without : sample + (Share * (without - sample));
    }
}
