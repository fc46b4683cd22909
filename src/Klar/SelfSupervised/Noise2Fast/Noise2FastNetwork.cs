using Klar.Networks;

namespace Klar.SelfSupervised.Noise2Fast;

/// <summary>
/// The network of Noise2Fast: four times two convolutions with ReLU, then one of 1 × 1. Its output is the picture's
/// logit.
/// </summary>
internal static class Noise2FastNetwork
{
    private const int Width = 64;
    private const int Hidden = 8;

    public static ConvolutionStack Of()
    {
        var inner = new ConvolutionLayer(Width, Width, Kernel: 3, Slope: 0);
        return new ConvolutionStack(
            [new(1, Width, Kernel: 3, Slope: 0), .. Enumerable.Repeat(inner, Hidden - 1), new(Width, 1, Kernel: 1)]);
    }
}
