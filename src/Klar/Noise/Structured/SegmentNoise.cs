using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>
/// The noise of segments' means, place by place: how far a segment's change from line to line scatters about what the
/// segments of those lines have in common. Texture counts as noise, so that textured places weigh less.
/// </summary>
internal static class SegmentNoise
{
    private const int Block = 32;

    // No place has less than this share of the typical noise.
    private const double MinShare = 0.2;

    /// <summary>σ of each segment, line after line; infinite where it is not valid.</summary>
    public static double[] Of(LineSegments segments)
    {
        (int lines, int count) = (segments.Lines, segments.Segments);
        double[] residuals = Residuals(segments);
        double[] sigmas = new double[lines * count];
        Array.Fill(sigmas, double.PositiveInfinity);
        int blocks = Math.Max(1, lines / Block);
        double[] values = new double[lines];
        var typical = new List<double>();
        for (int b = 0; b < blocks; b++)
        {
            (int from, int to) = (b * lines / blocks, (b + 1) * lines / blocks);
            for (int s = 0; s < count; s++)
            {
                int found = 0;
                for (int i = from; i < Math.Min(to, lines - 1); i++)
                {
                    double residual = residuals[(i * count) + s];
                    if (!double.IsNaN(residual))
                    {
                        values[found++] = Math.Abs(residual);
                    }
                }

                if (found < 4)
                {
                    continue;
                }

                double sigma = Selection.UpperMedian(values.AsSpan(0, found)) / (0.6745 * Math.Sqrt(2));
                typical.Add(sigma);
                for (int i = from; i < to; i++)
                {
                    sigmas[(i * count) + s] = segments.Valid[(i * count) + s] ? sigma : double.PositiveInfinity;
                }
            }
        }

        if (typical.Count > 0)
        {
            double least = MinShare * Selection.UpperMedian<double>([.. typical]);
            for (int i = 0; i < sigmas.Length; i++)
            {
                sigmas[i] = Math.Max(sigmas[i], least);
            }
        }

        return sigmas;
    }

    /// <summary>The change to the next line, less the median change of all segments.</summary>
    private static double[] Residuals(LineSegments segments)
    {
        (int lines, int count) = (segments.Lines, segments.Segments);
        double[] residuals = new double[lines * count];
        Array.Fill(residuals, double.NaN);
        double[] changes = new double[count];
        for (int i = 0; i < lines - 1; i++)
        {
            int found = 0;
            for (int s = 0; s < count; s++)
            {
                int at = (i * count) + s;
                if (segments.Valid[at] && segments.Valid[at + count])
                {
                    residuals[at] = segments.Means[at + count] - segments.Means[at];
                    changes[found++] = residuals[at];
                }
            }

            if (found > 0)
            {
                double common = Selection.UpperMedian(changes.AsSpan(0, found));
                for (int s = 0; s < count; s++)
                {
                    residuals[(i * count) + s] -= common;
                }
            }
        }

        return residuals;
    }
}
