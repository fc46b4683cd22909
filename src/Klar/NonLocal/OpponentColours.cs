namespace Klar.NonLocal;

/// <summary>
/// Luminance and two colour differences, Y = (R + G + B)/3, U = (R − B)/2, V = (R − 2G + B)/4: colour images are
/// grouped on Y, which has the least noise.
/// </summary>
internal static class OpponentColours
{
    private static readonly double[,] Matrix =
    {
        { 1 / 3.0, 1 / 3.0, 1 / 3.0 },
        { 0.5, 0, -0.5 },
        { 0.25, -0.5, 0.25 }
    };

    // R = Y + U + 2/3 V, G = Y − 4/3 V, B = Y − U + 2/3 V.
    private static readonly double[,] Back = { { 1, 1, 2 / 3.0 }, { 1, 0, -4 / 3.0 }, { 1, -1, 2 / 3.0 } };

    public static float[][] FromRgb(float[][] rgb) => Multiply(Matrix, rgb);

    public static float[][] ToRgb(float[][] opponent) => Multiply(Back, opponent);

    /// <summary>σ of Y, U and V for noise that is independent in R, G and B.</summary>
    public static float[] Sigmas(float[] rgb) =>
        [.. Enumerable.Range(0, 3).Select(row =>
            (float)Math.Sqrt(Enumerable.Range(0, 3).Sum(c => Matrix[row, c] * Matrix[row, c] * rgb[c] * rgb[c])))];

    private static float[][] Multiply(double[,] matrix, float[][] channels) => [.. Enumerable.Range(0, 3).Select(row =>
    {
        float[] result = new float[channels[0].Length];
        (float a, float b, float c) = ((float)matrix[row, 0], (float)matrix[row, 1], (float)matrix[row, 2]);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (a * channels[0][i]) + (b * channels[1][i]) + (c * channels[2][i]);
        }

        return result;
    })];
}
