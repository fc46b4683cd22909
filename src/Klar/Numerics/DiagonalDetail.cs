namespace Klar.Numerics;

/// <summary>
/// The quick estimate of a Gaussian noise level: the median magnitude of the diagonal band of Daubechies' wavelet
/// with two vanishing moments, which a smooth picture hardly reaches (Donoho and Johnstone, Biometrika 81, 1994).
/// </summary>
internal static class DiagonalDetail
{
    /// <summary>The median magnitude of a standard normal number.</summary>
    private const double NormalMedian = 0.6744897501960817;

    private const int Taps = 4;

    // Windows begin at odd places, as PyWavelets' do.
    private const int First = 1;

    private static readonly float[] HighPass =
    [
        -0.48296291314469025f, 0.836516303737469f, -0.22414386804185735f, -0.12940952255092145f
    ];

    /// <summary>
    /// σ of the noise in a plane, row-major; exact zeros among the coefficients (flat, saturated places) do not
    /// count. 0 where nothing is left, as in planes below 5 × 5.
    /// </summary>
    public static float Sigma(ReadOnlySpan<float> samples, int width, int height)
    {
        int columns = Math.Max(0, (width - First - Taps + 2) / 2), rows = Math.Max(0, (height - First - Taps + 2) / 2);
        float[] magnitudes = new float[columns * rows];
        Span<float> line = new float[width];
        int count = 0;
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float sum = 0;
                for (int k = 0; k < Taps; k++)
                {
                    sum += HighPass[k] * samples[((First + (2 * y) + k) * width) + x];
                }

                line[x] = sum;
            }

            for (int x = 0; x < columns; x++)
            {
                float detail = 0;
                for (int k = 0; k < Taps; k++)
                {
                    detail += HighPass[k] * line[First + (2 * x) + k];
                }

                if (detail != 0)
                {
                    magnitudes[count++] = Math.Abs(detail);
                }
            }
        }

        return count == 0 ? 0 : (float)(Selection.Median(magnitudes.AsSpan(0, count)) / NormalMedian);
    }
}
