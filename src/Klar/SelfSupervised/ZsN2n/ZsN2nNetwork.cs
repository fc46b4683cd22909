using Klar.Networks;

namespace Klar.SelfSupervised.ZsN2n;

/// <summary>The network of Zero-Shot Noise2Noise: it predicts the noise in a picture of C channels.</summary>
internal static class ZsN2nNetwork
{
    private const int Width = 48;
    private const float Slope = 0.2f;

    public static ConvolutionStack Of(int channels) => new(
        new ConvolutionLayer(channels, Width, Kernel: 3, Slope),
        new ConvolutionLayer(Width, Width, Kernel: 3, Slope),
        new ConvolutionLayer(Width, channels, Kernel: 1));
}
