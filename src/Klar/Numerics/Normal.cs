namespace Klar.Numerics;

/// <summary>The standard normal distribution, from our own exponential.</summary>
internal static class Normal
{
    private const double InverseRoot = 0.39894228040143267794; // 1 / √(2π)

    /// <summary>φ(z).</summary>
    public static double Density(double z) => InverseRoot * Elementary.Exp(-0.5 * z * z);

    /// <summary>Φ(z), to about 1e-14.</summary>
    public static double Distribution(double z)
    {
        double x = Math.Abs(z);
        double tail;
        if (x < 4)
        {
            // Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/15 + …)
            double term = x, sum = x;
            for (int n = 3; term > 1e-17 * sum; n += 2)
            {
                term *= x * x / n;
                sum += term;
            }

            tail = 0.5 - (Density(x) * sum);
        }
        else
        {
            // Laplace's continued fraction: φ(x) / (x + 1/(x + 2/(x + …)))
            double fraction = x;
            for (int n = 40; n >= 1; n--)
            {
                fraction = x + (n / fraction);
            }

            tail = Density(x) / fraction;
        }

        return z > 0 ? 1 - tail : tail;
    }
}
