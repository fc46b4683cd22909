namespace Klar.Numerics;

/// <summary>
/// Logarithm, exponential and cosine in double precision from additions, multiplications and divisions alone: the C
/// library's own may differ in the last bit between processors, and random draws must not.
/// </summary>
internal static class Elementary
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>ln x for finite x &gt; 0, within a few units of the last place.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        if (exponent == -1023)
        {
            return Log(x * 18014398509481984.0) - (54 * (Ln2High + Ln2Low)); // subnormal: scale by 2^54 first
        }

        double m = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh s with s = (m - 1) / (m + 1), |s| < 0.172: the term in s^25 is below 1e-20.
        double s = (m - 1) / (m + 1);
        double s2 = s * s;
        double series = 0;
        for (int k = 23; k >= 3; k -= 2)
        {
            series = (series + (1.0 / k)) * s2;
        }

        return (exponent * Ln2High) + ((2 * s * (1 + series)) + (exponent * Ln2Low));
    }

    /// <summary>e^x; 0 below −745, infinity above 709.</summary>
    public static double Exp(double x)
    {
        if (x < -745)
        {
            return 0;
        }

        if (x > 709.78)
        {
            return double.PositiveInfinity;
        }

        // x = k ln 2 + r with |r| < 0.35: the Taylor term of degree 15 is below 1e-19.
        double k = Math.Round(x * 1.4426950408889634);
        double r = x - (k * Ln2High) - (k * Ln2Low);
        double sum = 1;
        for (int n = 14; n >= 1; n--)
        {
            sum = 1 + (sum * r / n);
        }

        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>cos(π x), within a few units of the last place of 1.</summary>
    public static double CosPi(double x)
    {
        // To |r| ≤ 1/2 around the nearest whole number, whose cosine is ±1; then twice the angle's half: the term of
        // degree 22 is below 1e-19.
        double whole = Math.Round(x);
        double angle = Math.PI * (x - whole) / 2;
        double square = angle * angle;
        double sum = 1;
        for (int n = 20; n >= 2; n -= 2)
        {
            sum = 1 - (sum * square / (n * (n - 1)));
        }

        double cosine = (2 * sum * sum) - 1;
        return whole % 2 == 0 ? cosine : -cosine;
    }

    /// <summary>ln n! by its table up to 15 and Stirling's series above (error below 1e-16 relative).</summary>
    public static double LogFactorial(long n)
    {
        if (n <= 15)
        {
            double product = 1;
            for (long i = 2; i <= n; i++)
            {
                product *= i;
            }

            return Log(product);
        }

        double x = n + 1.0;
        double inverse = 1 / x;
        double square = inverse * inverse;
        double correction =
            inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * (1.0 / 1680)))))));
        return ((x - 0.5) * Log(x)) - x + 0.91893853320467274178 + correction;
    }
}
