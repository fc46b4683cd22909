namespace Klar.Networks.Layers;

/// <summary>A convolution with zero padding and its rectifier, a = max(z, slope · z), z = W ∗ x + b.</summary>
/// <param name="Shape">
/// Channels, kernel, slope: 0.2 for the leaky rectifier of most papers, 0 for ReLU, 1 for none.
/// </param>
/// <param name="Index">Which of the network's convolutions it is.</param>
internal sealed record Convolution(ConvolutionLayer Shape, int Index) : Layer(Shape.Outputs)
{
    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        FeatureMap x = inputs[0];
        if (weights.IsTransformed(Index))
        {
            scratch.Forward(
                x.Values, x.Stride, weights.TransformedWeights(Index), Shape.Outputs, weights.Bias(Index), Shape.Slope,
                output.Inner, output.RowStride, x.Width, x.Height);
            return;
        }

        for (int y = 0; y < output.Height; y++)
        {
            Fill(output.Row(y), weights.Bias(Index));
        }

        DirectConvolution.Forward(
            Reaching(x), x.Channels, x.Stride, x.RowStride, Shape.Kernel, weights.Weights(Index), output.Stride,
            output.Inner, output.RowStride, x.Width, x.Height);
        for (int y = 0; y < output.Height; y++)
        {
            Rectifier.Forward(output.Row(y), Shape.Slope);
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        FeatureMap x = inputs[0], dz = outputGradient;
        for (int y = 0; y < dz.Height; y++)
        {
            Rectifier.Backward(output.Row(y), dz.Row(y), Shape.Slope);
        }

        var all = new Region(0, 0, x.Width, x.Height);
        if (weights.IsTransformed(Index))
        {
            sum.Winograd.WeightGradient(
                x.Values, x.Stride, x.Bordered, dz.Values, dz.Stride, dz.Bordered, all, sum.Transformed(Index));
        }
        else
        {
            DirectConvolution.WeightGradient(
                x.Values, x.Channels, x.Stride, x.Bordered, Shape.Kernel, dz.Values, dz.Stride, dz.Bordered, all,
                sum.Weights(Index));
        }

        DirectConvolution.BiasGradient(dz.Values, dz.Stride, dz.Bordered, all, sum.Bias(Index));
        if (inputGradients[0] is { } dx)
        {
            if (weights.IsTransformed(Index))
            {
                ReadOnlySpan<float> noBias = stackalloc float[dx.Stride];
                sum.Winograd.Forward(
                    dz.Values, dz.Channels, weights.TransformedTransposed(Index), dx.Stride, noBias, slope: 1,
                    dx.Inner, dx.RowStride, dx.Width, dx.Height);
                return;
            }

            for (int y = 0; y < dx.Height; y++)
            {
                dx.Row(y).Clear();
            }

            DirectConvolution.Forward(
                Reaching(dz), dz.Channels, dz.Stride, dz.RowStride, Shape.Kernel, weights.Transposed(Index), dx.Stride,
                dx.Inner, dx.RowStride, dx.Width, dx.Height);
        }
    }

    internal static void Fill(Span<float> row, ReadOnlySpan<float> bias)
    {
        for (int at = 0; at < row.Length; at += bias.Length)
        {
            bias.CopyTo(row[at..]);
        }
    }

    /// <summary>The map from where the kernel's first tap for the first pixel lies.</summary>
    private ReadOnlySpan<float> Reaching(FeatureMap map) => Shape.Kernel == 1 ? map.Inner : map.Values;
}
