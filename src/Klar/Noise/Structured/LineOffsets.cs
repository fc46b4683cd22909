namespace Klar.Noise.Structured;

/// <summary>
/// The offsets of lines: the most probable ones, given the differences of blocks of lines of all heights, and offsets
/// that are independent of each other.
/// </summary>
/// <remarks>
/// Two segments one above the other differ by the difference of their lines' offsets, by noise, and by what the picture
/// changes between them, which is nothing in most places and much in some. So the energy
/// <c>Σ ρ((m_j − m_i − o_j + o_i)² / (σ_i² + σ_j²)) + Σ o_i² / τ²</c> over pairs of near blocks is made least, with
/// ρ that
/// gives up on what differs too much (Geman and McClure), by weights that are found again and again, and conjugate
/// gradients.
/// </remarks>
internal static class LineOffsets
{
    // Rounds with weights of the absolute difference, which have one solution, then with those that give up.
    private const int ConvexRounds = 2;
    private const int Rounds = 8;

    private const int MaxSteps = 200;
    private const double Accuracy = 1e-6;

    /// <summary>The offset of each line; their mean is 0.</summary>
    /// <param name="segments">The lines.</param>
    /// <param name="sigmas">Noise of the segments.</param>
    /// <param name="variance">Variance of the offsets.</param>
    public static double[] Of(LineSegments segments, double[] sigmas, double variance)
    {
        double[] offsets = new double[segments.Lines];
        if (!(variance > 0))
        {
            return offsets;
        }

        var levels = new List<LineLevel>();
        for (int height = 1; LineLevel.Exists(segments.Lines, height); height *= 2)
        {
            levels.Add(new LineLevel(segments, sigmas, height));
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach (LineLevel level in levels)
            {
                level.Weigh(offsets, round < ConvexRounds);
            }

            Solve(levels, 1 / variance, offsets);
        }

        double mean = offsets.Average();
        return [.. offsets.Select(offset => offset - mean)];
    }

    /// <summary>Conjugate gradients from the offsets as they are.</summary>
    private static void Solve(List<LineLevel> levels, double prior, double[] offsets)
    {
        int n = offsets.Length;
        double[] residual = new double[n], diagonal = new double[n], product = new double[n];
        Array.Fill(diagonal, prior);
        foreach (LineLevel level in levels)
        {
            level.AddTo(residual, diagonal);
        }

        double scale = residual.Sum(static value => value * value);
        Apply(offsets);
        for (int i = 0; i < n; i++)
        {
            residual[i] -= product[i];
        }

        double[] direction = [.. residual.Select((value, i) => value / diagonal[i])];
        double rest = Dot(residual, direction);
        for (int step = 0; step < MaxSteps && rest > 0 && Dot(residual, residual) > Accuracy * Accuracy * scale; step++)
        {
            Apply(direction);
            double length = rest / Dot(direction, product);
            for (int i = 0; i < n; i++)
            {
                offsets[i] += length * direction[i];
                residual[i] -= length * product[i];
            }

            double before = rest;
            rest = 0;
            for (int i = 0; i < n; i++)
            {
                rest += residual[i] * residual[i] / diagonal[i];
            }

            for (int i = 0; i < n; i++)
            {
                direction[i] = (residual[i] / diagonal[i]) + (rest / before * direction[i]);
            }
        }

        void Apply(double[] vector)
        {
            for (int i = 0; i < n; i++)
            {
                product[i] = prior * vector[i];
            }

            foreach (LineLevel level in levels)
            {
                level.Multiply(vector, product);
            }
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
