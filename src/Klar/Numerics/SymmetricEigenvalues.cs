using System.Diagnostics;

namespace Klar.Numerics;

/// <summary>
/// The eigenvalues of a symmetric matrix: Householder's reduction to three diagonals, then implicit QR steps (Golub
/// and Van Loan, Matrix Computations, algorithms 8.3.1 and 8.3.3).
/// </summary>
internal static class SymmetricEigenvalues
{
    private const int MaxSteps = 60;

    /// <summary>
    /// The eigenvalues, largest first. <paramref name="matrix"/> (size × size, row-major) is overwritten.
    /// </summary>
    public static double[] Of(double[] matrix, int size)
    {
        Debug.Assert(matrix.Length == size * size, "A square matrix.");
        double[] diagonal = new double[size], beside = new double[size];
        Reduce(matrix, size, diagonal, beside);
        Iterate(diagonal, beside);
        Array.Sort(diagonal, static (a, b) => b.CompareTo(a));
        return diagonal;
    }

    /// <summary>A ← H A H for each column, H = I − β v vᵀ, until only three diagonals are left.</summary>
    private static void Reduce(double[] a, int n, double[] diagonal, double[] beside)
    {
        double[] v = new double[n], p = new double[n];
        for (int k = 0; k < n - 2; k++)
        {
            double norm = 0;
            for (int i = k + 1; i < n; i++)
            {
                v[i] = a[(i * n) + k];
                norm += v[i] * v[i];
            }

            norm = Math.Sqrt(norm);
            double alpha = v[k + 1] > 0 ? -norm : norm;
            beside[k] = alpha;
            v[k + 1] -= alpha;
            double square = 0;
            for (int i = k + 1; i < n; i++)
            {
                square += v[i] * v[i];
            }

            if (square == 0)
            {
                continue;
            }

            double beta = 2 / square;
            double along = 0;
            for (int i = k + 1; i < n; i++)
            {
                double sum = 0;
                for (int j = k + 1; j < n; j++)
                {
                    sum += a[(i * n) + j] * v[j];
                }

                p[i] = beta * sum;
                along += p[i] * v[i];
            }

            for (int i = k + 1; i < n; i++)
            {
                p[i] -= 0.5 * beta * along * v[i];
            }

            for (int i = k + 1; i < n; i++)
            {
                for (int j = k + 1; j < n; j++)
                {
                    a[(i * n) + j] -= (v[i] * p[j]) + (p[i] * v[j]);
                }
            }
        }

        for (int i = 0; i < n; i++)
        {
            diagonal[i] = a[(i * n) + i];
        }

        if (n > 1)
        {
            beside[n - 2] = a[((n - 1) * n) + n - 2];
        }
    }

    /// <summary>
    /// Wilkinson's shift, Givens rotations along the diagonal, until the off-diagonal is zero.
    /// </summary>
    private static void Iterate(double[] d, double[] e)
    {
        int last = d.Length - 1;
        for (int steps = 0; last > 0 && steps < MaxSteps * d.Length; steps++)
        {
            if (IsNothing(d, e, last - 1))
            {
                last--;
                continue;
            }

            int first = last - 1;
            while (first > 0 && !IsNothing(d, e, first - 1))
            {
                first--;
            }

            double half = (d[last - 1] - d[last]) / 2;
            double root = Math.Sqrt((half * half) + (e[last - 1] * e[last - 1]));
            double shift = d[last] - (e[last - 1] * e[last - 1] / (half + (half >= 0 ? root : -root)));
            (double x, double z) = (d[first] - shift, e[first]);
            for (int k = first; k < last; k++)
            {
                double r = Math.Sqrt((x * x) + (z * z));
                (double c, double s) = r == 0 ? (1, 0) : (x / r, z / r);
                if (k > first)
                {
                    e[k - 1] = r;
                }

                (double dk, double dn, double ek) = (d[k], d[k + 1], e[k]);
                d[k] = (c * c * dk) + (2 * c * s * ek) + (s * s * dn);
                d[k + 1] = (s * s * dk) - (2 * c * s * ek) + (c * c * dn);
                e[k] = (c * s * (dn - dk)) + (((c * c) - (s * s)) * ek);
                x = e[k];
                if (k < last - 1)
                {
                    z = s * e[k + 1];
                    e[k + 1] *= c;
                }
            }
        }
    }

    private static bool IsNothing(double[] d, double[] e, int i) =>
        Math.Abs(e[i]) <= 1e-15 * (Math.Abs(d[i]) + Math.Abs(d[i + 1]));
}
