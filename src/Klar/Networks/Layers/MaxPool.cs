namespace Klar.Networks.Layers;

/// <summary>
/// The largest of every 2 × 2 cell; an odd last row or column is left out. The gradient goes to the first of the largest,
/// row by row.
/// </summary>
internal sealed record MaxPool(int Channels) : Layer(Channels)
{
    public override (int Width, int Height) SizeOf(int width, int height) => (width / 2, height / 2);

    public override void Forward(ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        FeatureMap x = inputs[0];
        for (int y = 0; y < output.Height; y++)
        {
            ReadOnlySpan<float> above = x.Row(2 * y), below = x.Row((2 * y) + 1);
            Span<float> row = output.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                int at = Source(i, x.Stride);
                row[i] = Math.Max(Math.Max(above[at], above[at + x.Stride]), Math.Max(below[at], below[at + x.Stride]));
            }
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient, ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        if (inputGradients[0] is not { } dx)
        {
            return;
        }

        FeatureMap x = inputs[0];
        dx.Values.AsSpan().Clear();
        for (int y = 0; y < output.Height; y++)
        {
            ReadOnlySpan<float> above = x.Row(2 * y), below = x.Row((2 * y) + 1), largest = output.Row(y), dz = outputGradient.Row(y);
            Span<float> dAbove = dx.Row(2 * y), dBelow = dx.Row((2 * y) + 1);
            for (int i = 0; i < dz.Length; i++)
            {
                int at = Source(i, x.Stride);
                if (above[at] == largest[i])
                {
                    dAbove[at] = dz[i];
                }
                else if (above[at + x.Stride] == largest[i])
                {
                    dAbove[at + x.Stride] = dz[i];
                }
                else if (below[at] == largest[i])
                {
                    dBelow[at] = dz[i];
                }
                else
                {
                    dBelow[at + x.Stride] = dz[i];
                }
            }
        }
    }

    private static int Source(int i, int stride) => (i / stride * 2 * stride) + (i % stride);
}
