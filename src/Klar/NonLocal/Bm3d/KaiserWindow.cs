namespace Klar.NonLocal.Bm3d;

/// <summary>Weights of a patch's samples that fall towards its rim: a Kaiser window in both directions.</summary>
internal static class KaiserWindow
{
    private const double Beta = 2;

    /// <summary>side × side weights, row-major: I₀(β √(1 − t²)) / I₀(β), t from −1 to 1, in each direction.</summary>
    public static float[] Of(int side)
    {
        double[] row = [.. Enumerable.Range(0, side).Select(i =>
        {
            double t = side == 1 ? 0 : (2.0 * i / (side - 1)) - 1;
            return Bessel(Beta * Math.Sqrt(Math.Max(0, 1 - (t * t)))) / Bessel(Beta);
        })];
        return [.. row.SelectMany(y => row.Select(x => (float)(y * x)))];
    }

    /// <summary>The modified Bessel function I₀ by its series, Σ ((x/2)^k / k!)².</summary>
    private static double Bessel(double x)
    {
        double term = 1, sum = 1;
        for (int k = 1; k < 20; k++)
        {
            term *= x / (2 * k);
            sum += term * term;
        }

        return sum;
    }
}
