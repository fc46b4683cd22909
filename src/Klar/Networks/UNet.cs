namespace Klar.Networks;

/// <summary>
/// The U-shaped network of Noise2Noise and Neighbor2Neighbor: five times half the size and back, with skips; its
/// output is the picture.
/// Sizes must be multiples of <see cref="Multiple"/>.
/// </summary>
/// <remarks>
/// Lehtinen et al., «Noise2Noise», ICML 2018, table 2, with transposed convolutions for the way up as in Huang et
/// al., «Neighbor2Neighbor», CVPR 2021.
/// <code>
/// down   C → 48 → 48, pool; four times 48, pool; 48
/// up     five times: transposed convolution, the skip beside it (the last one is the input), 96, 96
/// out    1 × 1: 96, 96, C
/// </code>
/// </remarks>
internal static class UNet
{
    /// <summary>Sides that can be halved five times.</summary>
    public const int Multiple = 1 << Levels;

    /// <summary>Channels on the way down in the papers.</summary>
    public const int PublishedWidth = 48;

    private const int Levels = 5;

    public static Network Of(int channels, float slope, int width = PublishedWidth) => Network.Of(channels, x =>
    {
        var skips = new Stack<Features>([x]);
        Features down = x.Convolution(width, slope: slope);
        for (int level = 0; level < Levels; level++)
        {
            down = down.Convolution(width, slope: slope).MaxPool();
            skips.Push(down);
        }

        Features up = skips.Pop().Convolution(width, slope: slope);
        while (skips.TryPop(out Features skip))
        {
            up = up
                .TransposedConvolution(up.Channels)
                .Concatenate(skip)
                .Convolution(2 * width, slope: slope)
                .Convolution(2 * width, slope: slope);
        }

        return up.Convolution(2 * width, kernel: 1, slope).Convolution(2 * width, kernel: 1, slope).Convolution(
            channels, kernel: 1);
    });
}
