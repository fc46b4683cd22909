namespace Klar.Diagnostics;

/// <summary>How well a map of uncertainty ranks errors, where the truth is known.</summary>
/// <remarks>
/// Pixels are left out, the most uncertain first; the mean squared error of the rest, over that of all, is the curve
/// (Ilg et al., ECCV 2018).
/// </remarks>
public static class Sparsification
{
    private const int Steps = 50;

    /// <summary>
    /// The area between the curve of <paramref name="uncertainty"/> and that of the errors themselves, over the same
    /// area of a map that knows nothing: 0 for a perfect ranking, 1 for none.
    /// </summary>
    public static double Error(ReadOnlySpan<float> uncertainty, ReadOnlySpan<float> errors)
    {
        double[] squares = new double[errors.Length];
        float[] known = uncertainty.ToArray(), own = new float[errors.Length];
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = (double)errors[i] * errors[i];
            own[i] = Math.Abs(errors[i]);
        }

        (double byMap, double byError) = (Area(known, squares), Area(own, squares));
        return (byMap - byError) / (1 - byError);
    }

    /// <summary>The share of errors not larger than so many standard deviations.</summary>
    public static double Inside(ReadOnlySpan<float> uncertainty, ReadOnlySpan<float> errors, double deviations)
    {
        int inside = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            inside += Math.Abs(errors[i]) <= deviations * uncertainty[i] ? 1 : 0;
        }

        return (double)inside / errors.Length;
    }

    private static double Area(float[] ranking, double[] squares)
    {
        double[] sorted = [.. squares];
        Array.Sort([.. ranking], sorted);
        double all = sorted.Sum(), kept = 0, area = 0;
        int at = 0;
        for (int step = 1; step <= Steps; step++)
        {
            int until = (int)((long)step * sorted.Length / Steps);
            for (; at < until; at++)
            {
                kept += sorted[at];
            }

            area += kept / Math.Max(1, at) / (all / sorted.Length) / Steps;
        }

        return area;
    }
}
