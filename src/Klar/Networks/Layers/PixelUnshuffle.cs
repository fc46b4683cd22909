namespace Klar.Networks.Layers;

/// <summary>
/// Half the size and four times the channels, nothing lost: channel c's pixel (2x + i, 2y + j) becomes channel 4c + 2j
/// + i at (x, y),
/// in PyTorch's order. Sides must be even.
/// </summary>
internal sealed record PixelUnshuffle(int Channels) : Layer(4 * Channels)
{
    public override (int Width, int Height) SizeOf(int width, int height) => width % 2 == 0 && height % 2 == 0
        ? (width / 2, height / 2)
        : throw new ArgumentException($"A map of {width} × {height} has odd sides.", nameof(width));

    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch) =>
        Gather(inputs[0], output, Channels);

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
            ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        if (inputGradients[0] is { } dx)
        {
            Scatter(outputGradient, dx, Channels);
        }
    }

    /// <summary>The large map's pixels, four by four, into the small one's channels.</summary>
    internal static void Gather(FeatureMap large, FeatureMap small, int channels)
    {
        for (int y = 0; y < large.Height; y++)
        {
            ReadOnlySpan<float> from = large.Row(y);
            Span<float> to = small.Row(y / 2);
            for (int x = 0; x < large.Width; x++)
            {
                int target = (x / 2 * small.Stride) + (2 * (y % 2)) + (x % 2);
                for (int c = 0; c < channels; c++)
                {
                    to[target + (4 * c)] = from[(x * large.Stride) + c];
                }
            }
        }
    }

    /// <summary>The way back.</summary>
    internal static void Scatter(FeatureMap small, FeatureMap large, int channels)
    {
        for (int y = 0; y < large.Height; y++)
        {
            ReadOnlySpan<float> from = small.Row(y / 2);
            Span<float> to = large.Row(y);
            for (int x = 0; x < large.Width; x++)
            {
                int source = (x / 2 * small.Stride) + (2 * (y % 2)) + (x % 2);
                for (int c = 0; c < channels; c++)
                {
                    to[(x * large.Stride) + c] = from[source + (4 * c)];
                }
            }
        }
    }
}
