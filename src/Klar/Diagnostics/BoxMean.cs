namespace Klar.Diagnostics;

/// <summary>The mean over a square window, which ends at the image's border.</summary>
internal static class BoxMean
{
    public static float[] Of(Plane plane, int radius) => Of(plane.Samples, plane.Width, plane.Height, radius);

    public static float[] Of(ReadOnlySpan<float> samples, int width, int height, int radius)
    {
        float[] rows = new float[samples.Length], both = new float[samples.Length];
        for (int y = 0; y < height; y++)
        {
            double sum = 0;
            int from = 0, to = 0;
            for (int x = 0; x < width; x++)
            {
                for (; to < Math.Min(width, x + radius + 1); to++)
                {
                    sum += samples[(y * width) + to];
                }

                for (; from < x - radius; from++)
                {
                    sum -= samples[(y * width) + from];
                }

                rows[(y * width) + x] = (float)(sum / (to - from));
            }
        }

        for (int x = 0; x < width; x++)
        {
            double sum = 0;
            int from = 0, to = 0;
            for (int y = 0; y < height; y++)
            {
                for (; to < Math.Min(height, y + radius + 1); to++)
                {
                    sum += rows[(to * width) + x];
                }

                for (; from < y - radius; from++)
                {
                    sum -= rows[(from * width) + x];
                }

                both[(y * width) + x] = (float)(sum / (to - from));
            }
        }

        return both;
    }
}
