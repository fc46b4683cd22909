namespace Klar.SelfSupervised.Noise2Fast;

/// <summary>
/// Two half-size pictures of a picture: the even and the odd cells of a checkerboard, pushed together. A pixel and
/// its partner are neighbours in the picture. An odd last row or column takes no part.
/// </summary>
/// <param name="Even">Cells where x + y is even.</param>
/// <param name="Odd">Cells where x + y is odd.</param>
/// <param name="Width">Samples in a row of a half.</param>
/// <param name="Height">Rows of a half.</param>
internal sealed record CheckerboardHalves(float[] Even, float[] Odd, int Width, int Height)
{
    /// <summary>
    /// Cells pushed together up and down: half the rows. In every other column the two cells of a pair are exchanged.
    /// </summary>
    public static CheckerboardHalves OfColumns(ReadOnlySpan<float> picture, int stride, int width, int height) =>
        Of(picture, stride, width / 2 * 2, height / 2, static (x, y) => (x, 2 * y), down: 1);

    /// <summary>
    /// Cells pushed together left and right: half the columns. In every other row the two cells of a pair are
    /// exchanged.
    /// </summary>
    public static CheckerboardHalves OfRows(ReadOnlySpan<float> picture, int stride, int width, int height) =>
        Of(picture, stride, width / 2, height / 2 * 2, static (x, y) => (2 * x, y), down: 0);

    private static CheckerboardHalves Of(
        ReadOnlySpan<float> picture, int stride, int width, int height, Func<int, int, (int X, int Y)> first, int down)
    {
        var halves = new CheckerboardHalves(new float[width * height], new float[width * height], width, height);
        int step = down == 1 ? stride : 1;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = first(x, y);
                int at = (fromY * stride) + fromX, odd = (fromX + fromY) % 2;
                halves.Even[(y * width) + x] = picture[at + (odd * step)];
                halves.Odd[(y * width) + x] = picture[at + ((1 - odd) * step)];
            }
        }

        return halves;
    }
}
