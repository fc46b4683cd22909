namespace Klar.Noise.Structured;

/// <summary>
/// Lines in blocks of some height: the higher, the less of the noise is in a block's mean, and the better shows which
/// blocks differ by nothing but the offsets of their lines.
/// </summary>
internal sealed class LineLevel
{
    // Blocks that are so far apart are compared.
    private static readonly int[] Lags = [1, 2, 3];

    // A difference of so many standard deviations counts for a quarter of what none does: in low blocks, where noise
    // hides most structure, and in higher ones.
    private const double ScaleOfLow = 2.5;
    private const double Scale = 2;
    private const int Low = 2;

    private readonly int _height;
    private readonly int _blocks;
    private readonly int _segments;
    private readonly double[] _means;
    private readonly double[] _variances;
    private readonly double[][] _weights;
    private readonly double[][] _pulls;
    private readonly double[] _ofBlocks;
    private readonly double[] _forces;

    /// <param name="segments">The lines.</param>
    /// <param name="sigmas">Noise of the segments.</param>
    /// <param name="height">Lines of a block.</param>
    public LineLevel(LineSegments segments, double[] sigmas, int height)
    {
        (_height, _segments, _blocks) = (height, segments.Segments, segments.Lines / height);
        (_means, _variances) = (new double[_blocks * _segments], new double[_blocks * _segments]);
        (_ofBlocks, _forces) = (new double[_blocks], new double[_blocks]);
        _weights = [.. Lags.Select(lag => new double[Math.Max(0, _blocks - lag)])];
        _pulls = [.. Lags.Select(lag => new double[Math.Max(0, _blocks - lag)])];
        for (int at = 0; at < _means.Length; at++)
        {
            (int block, int segment) = (at / _segments, at % _segments);
            for (int i = block * height; i < (block + 1) * height; i++)
            {
                double sigma = sigmas[(i * _segments) + segment];
                _means[at] += segments.Means[(i * _segments) + segment] / height;
                _variances[at] += sigma * sigma / (height * height);
            }
        }
    }

    /// <summary>Whether there are enough blocks of that height.</summary>
    public static bool Exists(int lines, int height) => lines / height > 2 * Lags[^1];

    /// <summary>Finds how much each pair of blocks says, given the offsets.</summary>
    public void Weigh(double[] offsets, bool convex)
    {
        double scale = _height <= Low ? ScaleOfLow : Scale;
        Gather(offsets);
        for (int l = 0; l < Lags.Length; l++)
        {
            double agreeing = 0, all = 0;
            double[] weights = _weights[l], pulls = _pulls[l];
            for (int i = 0; i < weights.Length; i++)
            {
                int from = i * _segments, to = (i + Lags[l]) * _segments;
                double between = _ofBlocks[i + Lags[l]] - _ofBlocks[i], weight = 0, pull = 0;
                for (int s = 0; s < _segments; s++)
                {
                    double noise = _variances[from + s] + _variances[to + s];
                    if (!double.IsFinite(noise) || noise == 0)
                    {
                        continue;
                    }

                    double difference = _means[to + s] - _means[from + s];
                    double square = (difference - between) * (difference - between) / noise;
                    double given = 1 / (1 + (square / (scale * scale)));
                    agreeing += given * given;
                    all++;
                    double one = (convex ? 1 / Math.Sqrt(1 + square) : given * given) / noise;
                    weight += one;
                    pull += one * difference;
                }

                (weights[i], pulls[i]) = (weight, pull);
            }

            // Where few agree, some do by chance. Each difference is seen at about two heights, and all lags; but
            // single
            // lines are what it is about.
            double share = agreeing / Math.Max(1, all);
            double trust = share * share / (Lags.Length * (_height == 1 ? 1 : 2));
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] *= trust;
                pulls[i] *= trust;
            }
        }
    }

    /// <summary>Adds the pulls to the right side, and the weights to the diagonal.</summary>
    public void AddTo(double[] right, double[] diagonal)
    {
        for (int l = 0; l < Lags.Length; l++)
        {
            for (int i = 0; i < _weights[l].Length; i++)
            {
                for (int k = 0; k < _height; k++)
                {
                    (int low, int high) = ((i * _height) + k, ((i + Lags[l]) * _height) + k);
                    right[low] -= _pulls[l][i] / _height;
                    right[high] += _pulls[l][i] / _height;
                    diagonal[low] += _weights[l][i] / (_height * _height);
                    diagonal[high] += _weights[l][i] / (_height * _height);
                }
            }
        }
    }

    /// <summary>Adds the matrix times a vector.</summary>
    public void Multiply(double[] vector, double[] product)
    {
        Gather(vector);
        Array.Clear(_forces);
        for (int l = 0; l < Lags.Length; l++)
        {
            for (int i = 0; i < _weights[l].Length; i++)
            {
                double force = _weights[l][i] * (_ofBlocks[i + Lags[l]] - _ofBlocks[i]);
                _forces[i] -= force;
                _forces[i + Lags[l]] += force;
            }
        }

        for (int i = 0; i < _blocks * _height; i++)
        {
            product[i] += _forces[i / _height] / _height;
        }
    }

    private void Gather(double[] lines)
    {
        for (int block = 0; block < _blocks; block++)
        {
            double sum = 0;
            for (int i = block * _height; i < (block + 1) * _height; i++)
            {
                sum += lines[i];
            }

            _ofBlocks[block] = sum / _height;
        }
    }
}
