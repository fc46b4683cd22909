using Klar.Networks;

namespace Klar.SelfSupervised.Klar;

/// <summary>The network: five convolutions of 3 × 3 with 32 channels between them, then one of 1 × 1. It predicts noise and sees 11 × 11 pixels.</summary>
internal static class KlarNetwork
{
    private const int Width = 32;
    private const int Depth = 4;
    private const float Slope = 0.1f;

    public static ConvolutionStack Of(int channels)
    {
        var inner = new ConvolutionLayer(Width, Width, Kernel: 3, Slope);
        return new ConvolutionStack([new(channels, Width, Kernel: 3, Slope), .. Enumerable.Repeat(inner, Depth), new(Width, channels, Kernel: 1)]);
    }
}
