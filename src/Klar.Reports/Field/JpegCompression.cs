namespace Klar.Reports.Field;

/// <summary>
/// What JPEG compression does to a grey picture: blocks of 8 × 8 are transformed, their coefficients rounded to
/// multiples of the standard's table, and transformed back. Entropy coding, which loses nothing, is left out.
/// </summary>
internal static class JpegCompression
{
    private const int Side = 8;

    // ITU-T T.81, table K.1: luminance.
    private static readonly int[] Table =
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <summary>
    /// The picture as a file of 8 bits of that quality shows it, cropped so that blocks start at column x and row y.
    /// </summary>
    /// <param name="picture">Samples of 0 to 1.</param>
    /// <param name="quality">1 to 100, as libjpeg counts it.</param>
    /// <param name="x">The column at which blocks start, 0 to 7.</param>
    /// <param name="y">The row at which blocks start, 0 to 7.</param>
    public static Image Of(Plane picture, int quality, int x = 0, int y = 0)
    {
        // As libjpeg does: the table is scaled by 5000 / quality below 50, and by 200 - 2 quality from there on, in per
        // cent.
        int scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        double[] steps = [.. Table.Select(entry => (double)Math.Clamp(((entry * scale) + 50) / 100, 1, 255))];
        float[] samples = picture.Samples.ToArray();
        for (int top = y; top + Side <= picture.Height; top += Side)
        {
            for (int left = x; left + Side <= picture.Width; left += Side)
            {
                Compress(samples, picture.Width, left, top, steps);
            }
        }

        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = Math.Clamp(MathF.Round(255 * samples[i]), 0, 255) / 255;
        }

        return new Image([Plane.From(picture.Width, picture.Height, samples)], SampleScale.EightBit);
    }

    private static void Compress(float[] samples, int width, int left, int top, double[] steps)
    {
        double[] coefficients = new double[Side * Side];
        for (int k = 0; k < coefficients.Length; k++)
        {
            double sum = 0;
            for (int i = 0; i < coefficients.Length; i++)
            {
                float sample = samples[((top + (i / Side)) * width) + left + (i % Side)];
                double grey = Math.Clamp(Math.Round(255.0 * sample), 0, 255) - 128;
                sum += grey * Cosine(k % Side, i % Side) * Cosine(k / Side, i / Side);
            }

            coefficients[k] = steps[k] * Math.Round(sum / steps[k]);
        }

        for (int i = 0; i < coefficients.Length; i++)
        {
            double sum = 128;
            for (int k = 0; k < coefficients.Length; k++)
            {
                sum += coefficients[k] * Cosine(k % Side, i % Side) * Cosine(k / Side, i / Side);
            }

            samples[((top + (i / Side)) * width) + left + (i % Side)] = (float)(sum / 255);
        }
    }

    private static double Cosine(int u, int x) =>
        Math.Sqrt((u == 0 ? 1.0 : 2.0) / Side) * Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * Side));
}
