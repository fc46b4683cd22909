namespace Klar.SelfSupervised.Klar;

/// <summary>
/// How much each of several estimates of one picture is trusted: the weights w ≥ 0, Σw = 1, with the least mean
/// squared difference of Σ w_k x_k to what was held back.
/// </summary>
/// <remarks>
/// The target is noisy, but its noise is independent of the estimates: it adds a constant to the risk and moves no
/// weight. With so few parts every set of positive weights is tried: the best of the minima on faces of the simplex
/// is the minimum.
/// </remarks>
internal sealed class PartWeights(int parts)
{
    private readonly double[] _products = new double[parts * parts];
    private readonly double[] _onTarget = new double[parts];

    /// <summary>Adds one sample: what each part makes of it, the target, and how much an error there counts.</summary>
    public void Add(ReadOnlySpan<float> values, float target, double importance)
    {
        // Differences to the target: with Σw = 1 the risk is that of these alone, and nothing cancels.
        for (int k = 0; k < parts; k++)
        {
            double off = importance * (values[k] - target);
            _onTarget[k] += off * (values[k] - target);
            for (int l = 0; l < k; l++)
            {
                _products[(k * parts) + l] += off * (values[l] - target);
            }
        }
    }

    /// <summary>The weights; equal ones if nothing was added.</summary>
    public double[] Solve()
    {
        double[] best = [.. Enumerable.Repeat(1.0 / parts, parts)];
        double least = _onTarget.Sum() > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        for (int set = 1; set < 1 << parts; set++)
        {
            int[] members = [.. Enumerable.Range(0, parts).Where(k => (set >> k & 1) != 0)];
            if (Minimum(members) is { } weights && Risk(weights) is double risk && risk < least)
            {
                (best, least) = (weights, risk);
            }
        }

        return best;
    }

    private double Product(int k, int l) =>
        k == l ? _onTarget[k] : _products[(Math.Max(k, l) * parts) + Math.Min(k, l)];

    private double Risk(double[] weights)
    {
        double sum = 0;
        for (int k = 0; k < parts; k++)
        {
            for (int l = 0; l < parts; l++)
            {
                sum += weights[k] * weights[l] * Product(k, l);
            }
        }

        return sum;
    }

    /// <summary>
    /// The minimum with Σw = 1 where only the members count; null if a weight would be negative or the parts are the
    /// same.
    /// </summary>
    private double[]? Minimum(int[] members)
    {
        // G w = λ 1: solved for λ = 1, then scaled.
        int n = members.Length;
        double[,] rows = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                rows[i, j] = Product(members[i], members[j]);
            }

            rows[i, n] = 1;
        }

        for (int i = 0; i < n; i++)
        {
            if (rows[i, i] <= 1e-9 * Product(members[i], members[i]))
            {
                return null;
            }

            for (int k = i + 1; k < n; k++)
            {
                double factor = rows[k, i] / rows[i, i];
                for (int j = i; j <= n; j++)
                {
                    rows[k, j] -= factor * rows[i, j];
                }
            }
        }

        double[] weights = new double[parts];
        double sum = 0;
        for (int i = n - 1; i >= 0; i--)
        {
            double value = rows[i, n];
            for (int j = i + 1; j < n; j++)
            {
                value -= rows[i, j] * weights[members[j]];
            }

            weights[members[i]] = value / rows[i, i];
            sum += weights[members[i]];
        }

        return Array.TrueForAll(weights, weight => weight / sum >= 0)
            ? [.. weights.Select(weight => weight / sum)]
            : null;
    }
}
