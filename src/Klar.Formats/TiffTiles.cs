namespace Klar.Formats;

/// <summary>A page's samples cut into tiles, those at the right and the bottom filled up with zeros.</summary>
internal static class TiffTiles
{
    /// <summary>The tiles in the file's order, each in the same memory.</summary>
    /// <param name="plane">The samples, row by row, each row beginning with a byte of its own.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="pixelBits">Bits of a pixel.</param>
    /// <param name="tile">The size of a tile: multiples of 16, so that its rows begin with a byte of the plane's, also
    /// where samples are bits.</param>
    public static IEnumerable<byte[]> Of(
        ReadOnlyMemory<byte> plane, int height, int width, int pixelBits, (int Width, int Height) tile)
    {
        int row = PackedSamples.BytesOfRow(width, pixelBits), tileRow = tile.Width * pixelBits / 8;
        byte[] bytes = new byte[(long)tileRow * tile.Height];
        for (int y = 0; y < height; y += tile.Height)
        {
            for (int x = 0; x < width; x += tile.Width)
            {
                Array.Clear(bytes);
                int from = x / 8 * pixelBits, columns = Math.Min(tileRow, row - from);
                for (int line = 0; line < Math.Min(tile.Height, height - y); line++)
                {
                    plane.Span.Slice((int)((((long)y + line) * row) + from), columns)
                        .CopyTo(bytes.AsSpan(line * tileRow));
                }

                yield return bytes;
            }
        }
    }
}
