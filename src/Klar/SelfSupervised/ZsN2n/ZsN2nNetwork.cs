using Klar.Networks;

namespace Klar.SelfSupervised.ZsN2n;

/// <summary>The network of Zero-Shot Noise2Noise: it predicts the noise in a picture of C channels.</summary>
internal static class ZsN2nNetwork
{
    /// <summary>Channels of the hidden layers in the paper.</summary>
    public const int PublishedWidth = 48;

    private const float Slope = 0.2f;

    public static ConvolutionStack Of(int channels, int width = PublishedWidth) => new(
        new ConvolutionLayer(channels, width, Kernel: 3, Slope),
        new ConvolutionLayer(width, width, Kernel: 3, Slope),
        new ConvolutionLayer(width, channels, Kernel: 1));
}
