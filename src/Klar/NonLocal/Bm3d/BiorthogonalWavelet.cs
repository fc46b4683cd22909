namespace Klar.NonLocal.Bm3d;

/// <summary>
/// The spline wavelet 1.5 of Cohen, Daubechies and Feauveau as a matrix: the low-pass of analysis has ten taps, the
/// high-pass is Haar's.
/// </summary>
internal static class BiorthogonalWavelet
{
    // In units of √2 / 256: (3, −3, −22, 22, 128, 128, 22, −22, −3, 3).
    private static readonly double[] LowPass =
    [
        .. new[] { 3.0, -3, -22, 22, 128, 128, 22, -22, -3, 3 }.Select(static tap => tap * Math.Sqrt(2) / 256)
    ];

    /// <summary>
    /// Analysis of <paramref name="size"/> samples, a power of two, down to one mean: row 0 is the mean, then the
    /// details, the coarsest first; rows of unit norm.
    /// </summary>
    public static double[,] Analysis(int size)
    {
        // The rows of what is still to be analysed, as functions of the samples.
        double[][] means = [.. Enumerable.Range(0, size).Select(
            i => Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0.0).ToArray())];
        double[,] matrix = new double[size, size];
        while (means.Length > 1)
        {
            int half = means.Length / 2;
            double[][] next = new double[half][];
            for (int n = 0; n < half; n++)
            {
                next[n] = new double[size];
                for (int k = 0; k < LowPass.Length; k++)
                {
                    Add(next[n], LowPass[k], means[((2 * n) + k - 4 + (5 * means.Length)) % means.Length]);
                }

                double[] detail = new double[size];
                Add(detail, Math.Sqrt(0.5), means[2 * n]);
                Add(detail, -Math.Sqrt(0.5), means[(2 * n) + 1]);
                SetRow(matrix, half + n, detail);
            }

            means = next;
        }

        SetRow(matrix, 0, means[0]);
        return matrix;
    }

    /// <summary>The inverse of a small square matrix, by elimination with pivots.</summary>
    public static double[,] Inverse(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double[,] left = (double[,])matrix.Clone();
        double[,] right = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            right[i, i] = 1;
        }

        for (int column = 0; column < size; column++)
        {
            int pivot = Enumerable.Range(column, size - column).MaxBy(row => Math.Abs(left[row, column]));
            for (int j = 0; j < size; j++)
            {
                (left[column, j], left[pivot, j]) = (left[pivot, j], left[column, j]);
                (right[column, j], right[pivot, j]) = (right[pivot, j], right[column, j]);
            }

            double scale = 1 / left[column, column];
            for (int j = 0; j < size; j++)
            {
                left[column, j] *= scale;
                right[column, j] *= scale;
            }

            for (int row = 0; row < size; row++)
            {
                double factor = left[row, column];
                for (int j = 0; row != column && j < size; j++)
                {
                    left[row, j] -= factor * left[column, j];
                    right[row, j] -= factor * right[column, j];
                }
            }
        }

        return right;
    }

    private static void Add(double[] to, double factor, double[] from)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += factor * from[i];
        }
    }

    private static void SetRow(double[,] matrix, int row, double[] values)
    {
        double norm = Math.Sqrt(values.Sum(static value => value * value));
        for (int i = 0; i < values.Length; i++)
        {
            matrix[row, i] = values[i] / norm;
        }
    }
}
