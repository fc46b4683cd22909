namespace Klar.Reports;

/// <summary>
/// How images are shown beside each other: in one contrast, and which part of them is worth a closer look.
/// </summary>
internal sealed class Display
{
    private readonly float _black;
    private readonly float _white;

    private Display(float black, float white) => (_black, _white) = (black, white);

    /// <summary>
    /// From black (0, or the darkest sample below it) to the brightest 0.2 % of <paramref name="image"/>, or the
    /// whole range where that is all there is.
    /// </summary>
    public static Display Of(Image image)
    {
        float[] sorted = [.. image.Planes.SelectMany(static plane => plane.Samples.ToArray())];
        Array.Sort(sorted);
        float black = Math.Min(0, sorted[0]);
        float white = sorted[(int)(0.998 * (sorted.Length - 1))];
        return white > black ? new Display(black, white) : new Display(black, black + 1);
    }

    /// <summary>Gray or the first three channels, [row][column][red, green, blue].</summary>
    public byte[] Rgb(Image image)
    {
        byte[] rgb = new byte[image.Width * image.Height * 3];
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> samples = image.Planes[image.Planes.Count >= 3 ? c : 0].Samples;
            for (int i = 0; i < samples.Length; i++)
            {
                rgb[(3 * i) + c] = (byte)Math.Clamp((255 * (samples[i] - _black) / (_white - _black)) + 0.5f, 0, 255);
            }
        }

        return rgb;
    }

    /// <summary>
    /// What was taken out of <paramref name="noisy"/>, the mean over the channels: red where samples became darker,
    /// blue where brighter, white where nothing changed; full colour at
    /// <paramref name="limit"/>.
    /// </summary>
    public static byte[] TakenOut(Image noisy, Image result, float limit)
    {
        byte[] rgb = new byte[noisy.Width * noisy.Height * 3];
        for (int i = 0; i < noisy.Width * noisy.Height; i++)
        {
            float sum = 0;
            for (int c = 0; c < noisy.Planes.Count; c++)
            {
                sum += noisy.Planes[c].Samples[i] - result.Planes[c].Samples[i];
            }

            float share = Math.Clamp(sum / noisy.Planes.Count / limit, -1, 1);
            byte rest = (byte)(255 * (1 - Math.Abs(share)));
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = share > 0 ? (
                (byte)255, rest, rest) : (rest, rest, (byte)255);
        }

        return rgb;
    }

    /// <summary>
    /// The window of the greatest variance, on a grid of half windows; channels count together, since what one does not
    /// see is background in it.
    /// </summary>
    public static (int X, int Y) MaxStructured(Image image, int width, int height)
    {
        (int bestX, int bestY, double most) = (0, 0, -1);
        (int across, int down) = (Math.Max(1, width / 2), Math.Max(1, height / 2));
        for (int y = 0; y + height <= image.Height; y += down)
        {
            for (int x = 0; x + width <= image.Width; x += across)
            {
                double variance = image.Planes.Sum(plane => Variation(plane, x, y, width, height));
                if (variance > most)
                {
                    (bestX, bestY, most) = (x, y, variance);
                }
            }
        }

        return (bestX, bestY);
    }

    /// <summary>The sum of squares of a window's samples about their mean.</summary>
    private static double Variation(Plane plane, int x, int y, int width, int height)
    {
        double sum = 0, squares = 0;
        for (int row = y; row < y + height; row++)
        {
            foreach (float sample in plane.Row(row).Slice(x, width))
            {
                (sum, squares) = (sum + sample, squares + ((double)sample * sample));
            }
        }

        return squares - (sum * sum / ((double)width * height));
    }
}
