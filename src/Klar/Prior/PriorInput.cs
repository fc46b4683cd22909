using Klar.Networks;

namespace Klar.Prior;

/// <summary>
/// What the network is given, and how its answer is read: in units of a quarter of white, from middle grey.
/// </summary>
internal static class PriorInput
{
    /// <summary>The network's units in white.</summary>
    public const float Scale = 4;

    private const float Middle = 0.5f;

    /// <summary>
    /// Fills the four channels from a picture and its noise; where the map is larger the picture is reflected.
    /// </summary>
    public static void Fill(
        FeatureMap to, ReadOnlySpan<float> noisy, ReadOnlySpan<float> level, int width, int height,
        (float Across, float Down) lag1)
    {
        for (int y = 0; y < to.Height; y++)
        {
            int from = ReflectPadding.Source(y, height) * width;
            Span<float> row = to.Row(y);
            for (int x = 0; x < to.Width; x++)
            {
                int at = from + ReflectPadding.Source(x, width);
                Span<float> pixel = row.Slice(x * to.Stride, PriorNetwork.Channels);
                pixel[0] = Scale * (noisy[at] - Middle);
                pixel[1] = Scale * level[at];
                pixel[2] = lag1.Across;
                pixel[3] = lag1.Down;
            }
        }
    }
}
