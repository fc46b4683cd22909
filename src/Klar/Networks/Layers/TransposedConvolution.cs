using Klar.Numerics;

namespace Klar.Networks.Layers;

/// <summary>
/// Up-sampling by a transposed convolution of side 2 and stride 2: each pixel becomes four,
/// z(2y + i, 2x + j) = W_ij x(y, x) + b.
/// </summary>
/// <param name="Shape">Its kernel has side 2: tap 2i + j.</param>
/// <param name="Index">Which of the network's convolutions it is.</param>
internal sealed record TransposedConvolution(ConvolutionLayer Shape, int Index) : Layer(Shape.Outputs)
{
    private const int Taps = 4;

    public override (int Width, int Height) SizeOf(int width, int height) => (2 * width, 2 * height);

    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        FeatureMap x = inputs[0];
        ReadOnlySpan<int> one = [0];
        for (int y = 0; y < output.Height; y++)
        {
            Convolution.Fill(output.Row(y), weights.Bias(Index));
        }

        for (int y = 0; y < x.Height; y++)
        {
            for (int tap = 0; tap < Taps; tap++)
            {
                new Product
                {
                    Rows = x.Width,
                    Columns = output.Stride,
                    Depth = x.Channels,
                    ARow = x.Stride,
                    AColumn = 1,
                    AOffsets = one,
                    BRow = output.Stride,
                    CRow = 2 * output.Stride,
                }.Run(
                    x.Row(y), weights.Weights(Index)[(tap * x.Channels * output.Stride)..],
                    output.Row((2 * y) + (tap / 2))[(tap % 2 * output.Stride)..]);
            }
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        FeatureMap x = inputs[0], dz = outputGradient;
        Span<int> offsets = stackalloc int[x.Height];
        for (int y = 0; y < offsets.Length; y++)
        {
            offsets[y] = y * x.RowStride;
        }

        int some = DirectConvolution.RowsAtATime(x.RowStride + (2 * dz.RowStride));
        for (int top = 0; top < x.Height; top += some)
        {
            for (int tap = 0; tap < Taps; tap++)
            {
                new Product
                {
                    Rows = x.Channels,
                    Columns = dz.Stride,
                    Depth = x.Width,
                    ARow = 1,
                    AColumn = x.Stride,
                    AOffsets = offsets[..Math.Min(some, x.Height - top)],
                    BRow = 2 * dz.Stride,
                    BSegment = 2 * dz.RowStride,
                    CRow = dz.Stride,
                }.Run(
                    x.Inner[(top * x.RowStride)..],
                    dz.Inner[((((2 * top) + (tap / 2)) * dz.RowStride) + (tap % 2 * dz.Stride))..],
                    sum.Weights(Index)[(tap * x.Channels * dz.Stride)..]);
            }
        }

        DirectConvolution.BiasGradient(
            dz.Values, dz.Stride, dz.Bordered, new Region(0, 0, dz.Width, dz.Height), sum.Bias(Index));
        if (inputGradients[0] is { } dx)
        {
            // The transposed weights begin with the last tap.
            ReadOnlySpan<int> taps = [dz.RowStride + dz.Stride, dz.RowStride, dz.Stride, 0];
            for (int y = 0; y < dx.Height; y++)
            {
                new Product
                {
                    Rows = dx.Width,
                    Columns = dx.Stride,
                    Depth = dz.Channels,
                    ARow = 2 * dz.Stride,
                    AColumn = 1,
                    AOffsets = taps,
                    BRow = dx.Stride,
                    BSegment = dz.Channels * dx.Stride,
                    CRow = dx.Stride,
                    Adds = false,
                }.Run(dz.Inner[(2 * y * dz.RowStride)..], weights.Transposed(Index), dx.Row(y));
            }
        }
    }
}
