using Klar.Numerics;

namespace Klar.Networks.Layers;

/// <summary>Each pixel four times, as a 2 × 2 cell.</summary>
internal sealed record NearestUpsampling(int Channels) : Layer(Channels)
{
    public override (int Width, int Height) SizeOf(int width, int height) => (2 * width, 2 * height);

    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        FeatureMap x = inputs[0];
        for (int y = 0; y < output.Height; y++)
        {
            for (int column = 0; column < output.Width; column++)
            {
                x.Row(y / 2).Slice(column / 2 * x.Stride, x.Stride).CopyTo(output.Row(y)[(column * x.Stride)..]);
            }
        }
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        if (inputGradients[0] is not { } dx)
        {
            return;
        }

        dx.Values.AsSpan().Clear();
        for (int y = 0; y < output.Height; y++)
        {
            for (int column = 0; column < output.Width; column++)
            {
                Pixelwise.Add(
                    outputGradient.Row(y).Slice(column * dx.Stride, dx.Stride),
                    dx.Row(y / 2).Slice(column / 2 * dx.Stride, dx.Stride));
            }
        }
    }
}
