namespace Klar.Networks;

/// <summary>
/// Grows a picture to the sizes that a network can halve, by reflection that does not repeat the edge (… c b | a b c
/// d | c b …), on the right and below; and cuts the result back.
/// </summary>
internal static class ReflectPadding
{
    /// <summary>The next multiple of <paramref name="multiple"/>.</summary>
    public static int SizeOf(int size, int multiple) => (size + multiple - 1) / multiple * multiple;

    /// <summary>Index within a row of <paramref name="size"/> for any <paramref name="index"/> from 0 on.</summary>
    public static int Source(int index, int size)
    {
        if (size == 1)
        {
            return 0;
        }

        int period = 2 * (size - 1);
        index %= period;
        return index < size ? index : period - index;
    }

    /// <summary>Fills one channel of a map that is at least as large as the picture.</summary>
    public static void Fill(ReadOnlySpan<float> picture, int width, int height, FeatureMap to, int channel)
    {
        for (int y = 0; y < to.Height; y++)
        {
            ReadOnlySpan<float> from = picture.Slice(Source(y, height) * width, width);
            Span<float> row = to.Row(y);
            for (int x = 0; x < to.Width; x++)
            {
                row[(x * to.Stride) + channel] = from[Source(x, width)];
            }
        }
    }

    /// <summary>
    /// Takes one channel of the first <paramref name="width"/> × <paramref name="height"/> pixels out.
    /// </summary>
    public static float[] Cut(FeatureMap map, int channel, int width, int height)
    {
        float[] picture = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = map.Row(y);
            for (int x = 0; x < width; x++)
            {
                picture[(y * width) + x] = row[(x * map.Stride) + channel];
            }
        }

        return picture;
    }
}
