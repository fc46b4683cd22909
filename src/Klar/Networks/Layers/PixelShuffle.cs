namespace Klar.Networks.Layers;

/// <summary>
/// Twice the size and a quarter of the channels: what <see cref="PixelUnshuffle"/> does, undone (Shi et al., CVPR
/// 2016).
/// </summary>
/// <param name="Channels">Channels that go out; four times as many come in.</param>
internal sealed record PixelShuffle(int Channels) : Layer(Channels)
{
    public override (int Width, int Height) SizeOf(int width, int height) => (2 * width, 2 * height);

    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch) =>
        PixelUnshuffle.Scatter(inputs[0], output, Channels);

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
            ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        if (inputGradients[0] is { } dx)
        {
            PixelUnshuffle.Gather(outputGradient, dx, Channels);
        }
    }
}
