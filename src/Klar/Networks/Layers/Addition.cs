using Klar.Numerics;

namespace Klar.Networks.Layers;

/// <summary>The sum of two maps of one shape: a skip that costs nothing.</summary>
internal sealed record Addition(int Channels) : Layer(Channels)
{
    public override void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch)
    {
        inputs[0].Values.AsSpan().CopyTo(output.Values);
        Pixelwise.Add(inputs[1].Values, output.Values);
    }

    public override void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
            ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum)
    {
        foreach (FeatureMap? gradient in inputGradients)
        {
            if (gradient is not null)
            {
                outputGradient.Values.AsSpan().CopyTo(gradient.Values);
            }
        }
    }
}
