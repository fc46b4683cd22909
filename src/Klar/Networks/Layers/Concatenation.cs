namespace Klar.Networks.Layers;

/// <summary>The channels of two maps of one size, the first's before the second's.</summary>
internal sealed record Concatenation(int First, int Second) : Layer(First + Second)
{
    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        for (int y = 0; y < output.Height; y++)
        {
            for (int x = 0; x < output.Width; x++)
            {
                Span<float> pixel = output.Row(y).Slice(x * output.Stride, First + Second);
                Pixel(inputs[0], x, y).CopyTo(pixel);
                Pixel(inputs[1], x, y).CopyTo(pixel[First..]);
            }
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        for (int y = 0; y < output.Height; y++)
        {
            for (int x = 0; x < output.Width; x++)
            {
                ReadOnlySpan<float> pixel = outputGradient.Row(y).Slice(x * output.Stride, First + Second);
                if (inputGradients[0] is { } first)
                {
                    pixel[..First].CopyTo(Pixel(first, x, y));
                }

                if (inputGradients[1] is { } second)
                {
                    pixel[First..].CopyTo(Pixel(second, x, y));
                }
            }
        }
    }

    private static Span<float> Pixel(FeatureMap map, int x, int y) => map.Row(y).Slice(x * map.Stride, map.Channels);
}
