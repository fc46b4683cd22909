using Klar.Numerics;

namespace Klar.Generated;

/// <summary>Samples that a generator draws on.</summary>
internal sealed class Grid(int width, int height)
{
    public int Width => width;

    public int Height => height;

    public float[] Values { get; } = new float[width * height];

    public Span<float> Row(int y) => Values.AsSpan(y * width, width);

    /// <summary>Adds light at a place between pixels, to the four around it.</summary>
    public void Splat(float x, float y, float light)
    {
        (int left, int top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1)
        {
            return;
        }

        (float right, float low) = (x - left, y - top);
        int at = (top * width) + left;
        Values[at] += light * (1 - right) * (1 - low);
        Values[at + 1] += light * right * (1 - low);
        Values[at + width] += light * (1 - right) * low;
        Values[at + width + 1] += light * right * low;
    }

    /// <summary>Blurred by a Gaussian, mirrored at the borders.</summary>
    public Grid Blurred(float sigma)
    {
        float[] taps = Taps(sigma);
        int radius = taps.Length - 1;
        var result = new Grid(width, height);
        float[] rows = new float[(height + (2 * radius)) * width], padded = new float[width + (2 * radius)],
            across = new float[width];
        int[] offsets = new int[(2 * radius) + 1];
        for (int y = 0; y < height + (2 * radius); y++)
        {
            Row(BorderIndex.Mirror(y - radius, height)).CopyTo(rows.AsSpan(y * width));
        }

        for (int y = 0; y < height; y++)
        {
            for (int k = 0; k < offsets.Length; k++)
            {
                offsets[k] = (y + k) * width;
            }

            Correlation.AcrossRows(rows, offsets, taps, across);
            across.CopyTo(padded.AsSpan(radius));
            for (int k = 1; k <= radius; k++)
            {
                padded[radius - k] = across[BorderIndex.Mirror(-k, width)];
                padded[radius + width + k - 1] = across[BorderIndex.Mirror(width + k - 1, width)];
            }

            Correlation.AlongRow(padded, taps, result.Row(y));
        }

        return result;
    }

    /// <summary>Half the size: the mean of every 2 × 2 samples, as a sensor's pixel takes it.</summary>
    public Grid Halved()
    {
        var result = new Grid(width / 2, height / 2);
        for (int y = 0; y < result.Height; y++)
        {
            ReadOnlySpan<float> above = Row(2 * y), below = Row((2 * y) + 1);
            Span<float> to = result.Row(y);
            for (int x = 0; x < to.Length; x++)
            {
                to[x] = 0.25f * (above[2 * x] + above[(2 * x) + 1] + below[2 * x] + below[(2 * x) + 1]);
            }
        }

        return result;
    }

    /// <summary>exp(−k² / 2σ²) up to 3 σ, so that all sum to 1.</summary>
    private static float[] Taps(float sigma)
    {
        int radius = Math.Max(1, (int)((3 * sigma) + 0.5f));
        double[] weights = new double[radius + 1];
        double sum = 0;
        for (int k = radius; k >= 0; k--)
        {
            weights[k] = Elementary.Exp(-0.5 * k * k / (sigma * (double)sigma));
            sum += k == 0 ? weights[k] : 2 * weights[k];
        }

        return Array.ConvertAll(weights, weight => (float)(weight / sum));
    }
}
