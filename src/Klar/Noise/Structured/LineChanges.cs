using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>
/// What each line has beyond the mean of the two beside it, as all its segments together see it, and as the segments of
/// each of eight parts of the line do. Of white offsets of variance τ² that is 1.5 τ².
/// </summary>
internal sealed class LineChanges
{
    /// <summary>Parts of a line.</summary>
    public const int Parts = 8;

    /// <summary>The variance of a line's change, relative to that of a line.</summary>
    public const double Gain = 1.5;

    // A segment that differs by more counts as if it differed by so many standard deviations (Huber).
    private const double Limit = 1.5;
    private const int HuberRounds = 2;

    private readonly LineSegments _segments;
    private readonly double[] _sigmas;
    private readonly double[] _changes;
    private readonly double[] _noises;

    /// <param name="segments">The lines.</param>
    /// <param name="sigmas">Noise of the segments.</param>
    public LineChanges(LineSegments segments, double[] sigmas)
    {
        (_segments, _sigmas) = (segments, sigmas);
        (_changes, _noises) = (new double[segments.Segments], new double[segments.Segments]);
        int lines = segments.Lines - 2;
        Whole = new double[lines];
        OfParts = [.. Enumerable.Range(0, Parts).Select(_ => new double[lines])];
        var residuals = new List<double>();
        for (int i = 0; i < lines; i++)
        {
            for (int part = 0; part < Parts; part++)
            {
                int found = Gather(
                    i + 1, part * segments.Segments / Parts, (part + 1) * segments.Segments / Parts);
                double location = OfParts[part][i] = Location(found);
                foreach (double change in found > 1 ? _changes.AsSpan(0, found) : [])
                {
                    residuals.Add(Math.Abs(change - location));
                }
            }

            Whole[i] = Location(Gather(i + 1, 0, segments.Segments));
        }

        SampleNoise = Selection.UpperMedian<double>([.. residuals]) / 0.6745 * Math.Sqrt(segments.Length / Gain);
    }

    /// <summary>The change of each line but the first and the last; NaN where it shows no picture.</summary>
    public double[] Whole { get; }

    /// <summary>The same for each part.</summary>
    public double[][] OfParts { get; }

    /// <summary>σ of a sample's noise, from how far the segments of a part scatter.</summary>
    public double SampleNoise { get; }

    private int Gather(int line, int from, int to)
    {
        int found = 0, count = _segments.Segments;
        for (int s = from; s < to; s++)
        {
            int at = (line * count) + s;
            if (_segments.Valid[at] && _segments.Valid[at - count] && _segments.Valid[at + count])
            {
                double beside = 0.5 * (_segments.Means[at - count] + _segments.Means[at + count]);
                _changes[found] = _segments.Means[at] - beside;
                _noises[found++] = _sigmas[at] * _sigmas[at] * Gain;
            }
        }

        return found;
    }

    /// <summary>Huber's location of what was gathered last, from the median on.</summary>
    private double Location(int found)
    {
        if (found == 0)
        {
            return double.NaN;
        }

        double location = Selection.UpperMedian<double>([.. _changes.AsSpan(0, found)]);
        for (int round = 0; round < HuberRounds; round++)
        {
            double sum = 0, weights = 0;
            for (int k = 0; k < found; k++)
            {
                double limit = Limit * Math.Sqrt(_noises[k]);
                sum += Math.Clamp(_changes[k] - location, -limit, limit) / _noises[k];
                weights += 1 / _noises[k];
            }

            location += weights > 0 && double.IsFinite(weights) ? sum / weights : 0;
        }

        return location;
    }
}
