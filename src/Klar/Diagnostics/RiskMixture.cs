namespace Klar.Diagnostics;

/// <summary>
/// The mixture of several denoisers' results whose estimated risk is least: weights of 0 to 1 whose sum is 1. Several
/// blurs together make a filter that comes nearer to Wiener's than any one of them, and what patches add to it counts
/// as far as the risk shows it.
/// </summary>
/// <param name="Weights">The parts' weights.</param>
/// <param name="Risk">The estimated mean squared error.</param>
internal sealed record RiskMixture(IReadOnlyList<double> Weights, double Risk)
{
    private const int Rounds = 200;

    /// <summary>Least wᵀ Q w + 2 bᵀ w − σ².</summary>
    /// <param name="products">Q: mean products of what the parts change.</param>
    /// <param name="divergences">b: mean products of the noise and what each part keeps of it.</param>
    /// <param name="variance">σ².</param>
    public static RiskMixture Least(double[,] products, double[] divergences, double variance)
    {
        int parts = divergences.Length;
        double[] weights = [.. Enumerable.Repeat(1.0 / parts, parts)];
        double Slope(int part)
        {
            double sum = divergences[part];
            for (int other = 0; other < parts; other++)
            {
                sum += products[part, other] * weights[other];
            }

            return sum;
        }

        // From part to part, as much as lowers the risk most.
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < parts; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double curvature = products[i, i] + products[j, j] - (2 * products[i, j]);
                    if (curvature > 0)
                    {
                        double step = Math.Clamp((Slope(j) - Slope(i)) / curvature, -weights[i], weights[j]);
                        (weights[i], weights[j]) = (weights[i] + step, weights[j] - step);
                    }
                }
            }
        }

        double risk = -variance;
        for (int part = 0; part < parts; part++)
        {
            risk += weights[part] * (Slope(part) + divergences[part]);
        }

        return new RiskMixture(weights, risk);
    }
}
