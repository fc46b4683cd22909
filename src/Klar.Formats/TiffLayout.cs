using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>How the samples of a TIFF page are laid out in its file.</summary>
/// <param name="Compression">How strips or tiles are compressed.</param>
/// <param name="Tile">The size of tiles; null for strips.</param>
/// <param name="Pyramid">The smaller copies that are written with it; null for none.</param>
internal sealed record TiffLayout(Compression Compression, (int Width, int Height)? Tile, TiffPyramid? Pyramid)
{
    private const int TileSide = 512;

    /// <summary>A page in strips without compression.</summary>
    public static TiffLayout Plain { get; } = new(Compression.NONE, null, null);

    /// <summary>That of the page that was read, but for what is asked for.</summary>
    public static TiffLayout Of(LoadedImage page, WriteOptions options)
    {
        Compression compression = options.Compression switch
        {
            SampleCompression.None => Compression.NONE,
            SampleCompression.Deflate => Compression.ADOBE_DEFLATE,
            SampleCompression.Zstd => ZstdStrips.Zstd,
            _ => Lossless(page.Tags?.Compression ?? Compression.NONE),
        };
        TiffPyramid? pyramid = page.Pyramid;
        (int Width, int Height)? tile = page.Tags?.Tile;
        if (options.Pyramid)
        {
            tile ??= (TileSide, TileSide);
            int side = Math.Max(tile.Value.Width, tile.Value.Height);
            pyramid ??= new TiffPyramid(TiffPyramid.Halvings(page.Info.Width, page.Info.Height, side), ArePages: false);
        }

        return new TiffLayout(compression, tile, pyramid);
    }

    /// <summary>The compression where it loses nothing, else deflate.</summary>
    private static Compression Lossless(Compression compression) => compression switch
    {
        Compression.NONE or Compression.LZW or Compression.PACKBITS or ZstdStrips.Zstd => compression,
        _ => Compression.ADOBE_DEFLATE,
    };
}
