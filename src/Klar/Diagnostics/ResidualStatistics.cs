namespace Klar.Diagnostics;

/// <summary>What was taken out, in units of the noise that there is: r = (y − x) / σ(x).</summary>
internal sealed class ResidualStatistics
{
    // Lags that are looked at: neighbours, diagonals and next neighbours.
    private static readonly (int X, int Y)[] Lags = [(1, 0), (0, 1), (1, 1), (-1, 1), (2, 0), (0, 2)];

    // A small deviation is certain in a large image; p says whether it would be seen on this many samples.
    private const int Samples = 4096;
    private const int DetailRadius = 1;
    private const float MaxNoise = 8;
    private const double EdgeShare = 0.1;
    private const double FlatShare = 0.5;

    private ResidualStatistics()
    {
    }

    /// <summary>Root of the mean square of r: about 1 where just the noise was taken out.</summary>
    public required double Level { get; init; }

    /// <summary>The largest difference of r's autocorrelation to the noise's.</summary>
    public required double Correlation { get; init; }

    /// <summary>
    /// Probability of such differences in 4096 samples of noise as estimated, from the χ² distribution of 6 degrees
    /// of freedom.
    /// </summary>
    public required double PValue { get; init; }

    /// <summary>Correlation of r with the fine detail of the result.</summary>
    public required double Detail { get; init; }

    /// <summary>Mean square of r at the result's edges over that where it is flat.</summary>
    public required double AtEdges { get; init; }

    /// <summary>
    /// Measures one channel; within 2 σ of where noise was cut off, what was taken out is not like noise and does not
    /// count.
    /// </summary>
    public static ResidualStatistics Of(
        Plane noisy, Plane result, AdditiveNoise noise, bool cutAtBlack, bool cutAtWhite)
    {
        (int width, int height) = (noisy.Width, noisy.Height);
        float[] brightness = BoxMean.Of(result, DetailRadius), residual = new float[brightness.Length],
            detail = new float[brightness.Length];
        double sum = 0, squares = 0, products = 0, energy = 0;
        int counted = 0;
        for (int i = 0; i < residual.Length; i++)
        {
            float sigma = noise.At(brightness[i]);
            if ((cutAtBlack && brightness[i] < 2 * noise.Sigma)
                || (cutAtWhite && brightness[i] > 1 - (2 * noise.Sigma)))
            {
                continue;
            }

            // A stuck pixel that was repaired is no noise either.
            float taken = (noisy.Samples[i] - result.Samples[i]) / sigma;
            if (Math.Abs(taken) > MaxNoise)
            {
                continue;
            }

            counted++;
            residual[i] = taken;
            detail[i] = (result.Samples[i] - brightness[i]) / sigma;
            (sum, squares) = (sum + residual[i], squares + ((double)residual[i] * residual[i]));
            (products, energy) =
                (products + ((double)residual[i] * detail[i]), energy + ((double)detail[i] * detail[i]));
        }

        // Samples that do not count are 0: they add nothing to sums of products.
        double share = Math.Max(1, counted) / (double)residual.Length, mean = sum / Math.Max(1, counted),
            variance = Math.Max(1e-12, (squares / Math.Max(1, counted)) - (mean * mean));
        double largest = 0, chiSquare = 0;
        foreach ((int x, int y) in Lags)
        {
            if (width <= 2 || height <= 2)
            {
                continue;
            }

            double off = Autocorrelation(residual, width, height, x, y) / ((variance + (mean * mean)) * share);
            off -= noise.Autocorrelation is { } known ? known[((4 + y) * 9) + 4 + x] : 0;
            chiSquare += Math.Min(Samples, residual.Length) * off * off;
            largest = Math.Abs(off) > Math.Abs(largest) ? off : largest;
        }

        return new ResidualStatistics
        {
            Level = Math.Sqrt(variance),
            Correlation = largest,
            PValue = UpperTail(chiSquare),
            Detail = products / Math.Sqrt(Math.Max(1e-12, energy * squares)),
            AtEdges = EdgesOverFlat(residual, result),
        };
    }

    private static double Autocorrelation(float[] samples, int width, int height, int lagX, int lagY)
    {
        double sum = 0;
        long count = 0;
        for (int y = 0; y < height - lagY; y++)
        {
            for (int x = Math.Max(0, -lagX); x < Math.Min(width, width - lagX); x++)
            {
                sum += (double)samples[(y * width) + x] * samples[((y + lagY) * width) + x + lagX];
            }

            count += width - Math.Abs(lagX);
        }

        return sum / Math.Max(1, count);
    }

    /// <summary>P(χ²₆ > x) = e^(−x/2) (1 + x/2 + x²/8).</summary>
    private static double UpperTail(double x) => Numerics.Elementary.Exp(-x / 2) * (1 + (x / 2) + (x * x / 8));

    private static double EdgesOverFlat(float[] residual, Plane result)
    {
        (int width, int height) = (result.Width, result.Height);
        float[] gradient = new float[residual.Length];
        ReadOnlySpan<float> x = result.Samples;
        for (int i = 0; i < gradient.Length; i++)
        {
            (int column, int row) = (i % width, i / width);
            float across =
                x[(row * width) + Math.Min(width - 1, column + 1)] - x[(row * width) + Math.Max(0, column - 1)];
            float down =
                x[(Math.Min(height - 1, row + 1) * width) + column] - x[(Math.Max(0, row - 1) * width) + column];
            gradient[i] = (across * across) + (down * down);
        }

        float[] sorted = [.. gradient];
        Array.Sort(sorted);
        float steep = sorted[(int)((1 - EdgeShare) * (sorted.Length - 1))],
            flat = sorted[(int)(FlatShare * (sorted.Length - 1))];
        double edges = 0, flats = 0;
        int atEdges = 0, atFlats = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double square = (double)residual[i] * residual[i];
            if (square == 0)
            {
                continue;
            }

            if (gradient[i] > steep)
            {
                (edges, atEdges) = (edges + square, atEdges + 1);
            }
            else if (gradient[i] <= flat)
            {
                (flats, atFlats) = (flats + square, atFlats + 1);
            }
        }

        return atEdges == 0 || atFlats == 0 || flats == 0 ? 1 : edges / atEdges / (flats / atFlats);
    }
}
