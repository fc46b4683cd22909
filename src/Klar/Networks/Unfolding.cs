namespace Klar.Networks;

/// <summary>Planes of an image as features, each pixel with its neighbours side by side.</summary>
internal static class Unfolding
{
    /// <summary>
    /// to[pixel][tap][channel] for every pixel of <paramref name="region"/>, zeros from outside the image; the taps of a
    /// kernel of side 1 are the pixel itself.
    /// </summary>
    public static void Gather(float[][] planes, int width, int height, Region region, int kernel, Span<float> to)
    {
        int channels = planes.Length;
        int terms = kernel * kernel * channels;
        int radius = kernel / 2;
        for (int t = 0; t < kernel * kernel; t++)
        {
            int dx = (t % kernel) - radius;
            int dy = (t / kernel) - radius;
            int from = Math.Max(0, -(region.X + dx));
            int end = Math.Min(region.Width, width - (region.X + dx));
            for (int y = 0; y < region.Height; y++)
            {
                int imageRow = region.Y + y + dy;
                bool inside = imageRow >= 0 && imageRow < height;
                for (int c = 0; c < channels; c++)
                {
                    int at = (y * region.Width * terms) + (t * channels) + c;
                    ReadOnlySpan<float> row = inside ? planes[c].AsSpan(imageRow * width, width) : default;
                    for (int x = 0; x < region.Width; x++, at += terms)
                    {
                        to[at] = inside && x >= from && x < end ? row[region.X + x + dx] : 0;
                    }
                }
            }
        }
    }
}
