using Klar.Networks;

namespace Klar.Prior;

/// <summary>
/// The prior's network: U-shaped on half-size planes, with residual blocks and skips that add. It sees a noisy picture,
/// the noise's level at every
/// pixel and how much neighbours across and down correlate, and answers with the noise. Sides must be multiples of
/// <see cref="Multiple"/>.
/// </summary>
/// <remarks>
/// Half-size planes and a map of the level are FFDNet's (Zhang, Zuo, Zhang, IEEE TIP 2018); residual blocks in a U with
/// skips that add are DRUNet's
/// (Zhang et al., IEEE TPAMI 2022).
/// <code>
/// 1/2   unshuffle: 16 → 48, block                        … + , block, 48 → 4, shuffle
/// 1/4        unshuffle: 192 → 96, block          … + , block, transposed 96 → 48
/// 1/8              unshuffle: 384 → 96, block, block, transposed 96 → 96
/// </code>
/// 0.11 MFLOP a pixel, of it 0.05 at half the size; a pixel sees 60 to each side.
/// </remarks>
internal static class PriorNetwork
{
    /// <summary>Picture, level, correlation across, correlation down.</summary>
    public const int Channels = 4;

    /// <summary>Sides that can be halved three times.</summary>
    public const int Multiple = 8;

    /// <summary>Pixels that a result depends on to each side.</summary>
    public const int Reach = 64;

    /// <summary>The published widths.</summary>
    public static Network Of() => Of(48, 96, 96);

    /// <param name="half">Channels at half the size.</param>
    /// <param name="quarter">Channels at a quarter.</param>
    /// <param name="eighth">Channels at an eighth.</param>
    public static Network Of(int half, int quarter, int eighth) => Network.Of(Channels, x =>
    {
        Features first = Block(x.Unshuffle().Convolution(half, slope: 0));
        Features second = Block(first.Unshuffle().Convolution(quarter, kernel: 1));
        Features third = Block(Block(second.Unshuffle().Convolution(eighth, kernel: 1)));
        Features up = Block(third.TransposedConvolution(quarter).Add(second));
        return Block(up.TransposedConvolution(half).Add(first)).Convolution(4).Shuffle();
    });

    private static Features Block(Features x) => x.Add(x.Convolution(x.Channels, slope: 0).Convolution(x.Channels));
}
