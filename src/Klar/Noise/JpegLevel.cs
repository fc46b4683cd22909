using Klar.Numerics;

namespace Klar.Noise;

/// <summary>The noise in the flattest blocks of one brightness of a picture that was a JPEG.</summary>
internal sealed record JpegLevel
{
    private const int Side = BlockCosine.Side;

    // This share of a level's blocks, those whose neighbours vary least, is taken for flat; no fewer than so many.
    private const double Flattest = 0.2;
    private const int MinFlat = 12;

    // Blocks that hold more than the mean by this many standard deviations of what noise scatters hold structure; so
    // many rounds are enough to leave them out.
    private const double MaxDeviations = 3;
    private const int Rounds = 6;
    private const double Rounding = 1e-9;

    // With a greater share of samples at black or white the noise was cut off, and compressed after that.
    private const double MaxCut = 0.25;

    // Frequencies whose indices add up to no more than this hold structure first.
    private const int Lowest = 2;
    private const double MinOfGreatest = 0.05;
    private const int MinFrequencies = 6;

    private readonly List<JpegBlock> _flat;
    private readonly int _all;
    private readonly double _error;

    /// <param name="blocks">All blocks of that brightness, at least one.</param>
    public JpegLevel(List<JpegBlock> blocks)
    {
        int count = Math.Max(MinFlat, (int)(Flattest * blocks.Count));
        List<(JpegBlock Block, double[] Squares)> flat = [.. blocks.OrderBy(static block => block.Around).Take(count)
            .Select(static block => (block, block.SquaredCoefficients()))];
        (Spectrum, double scatter) = Moments(flat);
        for (int round = 0; round < Rounds; round++)
        {
            double limit = ((1 + Rounding) * Spectrum.Sum()) + (MaxDeviations * Math.Sqrt(scatter));
            if (flat.RemoveAll(pair => pair.Squares.Sum() > limit) == 0)
            {
                break;
            }

            (Spectrum, scatter) = Moments(flat);
        }

        // The coefficient of the mean is the picture's: the frequencies next to it show its noise.
        Spectrum[0] = 0.5 * (Spectrum[1] + Spectrum[Side]);
        double sum = Spectrum.Sum();
        _flat = [.. flat.Select(static pair => pair.Block)];
        (_all, _error) = (blocks.Count, sum > 0 ? Math.Sqrt(scatter / flat.Count) / sum : 0);
        (Black, White) = (Share(static sample => sample <= 0), Share(static sample => sample >= 1));
    }

    /// <summary>How many blocks have this brightness.</summary>
    public int Blocks => _all;

    /// <summary>The mean square of each coefficient.</summary>
    public double[] Spectrum { get; }

    /// <summary>The mean of the blocks' samples' variances.</summary>
    public double Variance => Spectrum.Sum() / BlockCosine.Length;

    /// <summary>Whether most of its noise was not cut off.</summary>
    public bool IsWhole => Black + White <= MaxCut;

    /// <summary>The share of samples at white.</summary>
    public double White { get; }

    private double Black { get; }

    /// <summary>
    /// How much stronger noise is than in another level. Structure is in the lowest frequencies; so it is the median
    /// over the others that counts, as far as they hold noise. Null where there are too few of them.
    /// </summary>
    public double? RelativeTo(JpegLevel other)
    {
        double least = MinOfGreatest * other.Spectrum.Max();
        double[] ratios = [.. Enumerable.Range(1, BlockCosine.Length - 1)
            .Where(k => (k % Side) + (k / Side) > Lowest && other.Spectrum[k] > least)
            .Select(k => Spectrum[k] / other.Spectrum[k]).Order()];
        return ratios.Length < MinFrequencies ? null : ratios[ratios.Length / 2];
    }

    /// <summary>What is said of the level, for noise of that variance.</summary>
    public LevelSet Set(double variance)
    {
        double mean = _flat.Average(static block => block.Mean);
        return new LevelSet(mean, variance, 1, _all * BlockCosine.Length, Black, White, 3, 0, 0)
        {
            Error = _error,
            IsOfBand = true,
        };
    }

    /// <summary>
    /// The mean squares of the coefficients, and the variance of their sum if no coefficient says anything of another,
    /// as in noise. Few coefficients of a quantised frequency differ from 0: they scatter by more than normal noise.
    /// </summary>
    private static (double[] Spectrum, double Scatter) Moments(List<(JpegBlock Block, double[] Squares)> flat)
    {
        double[] mean = new double[BlockCosine.Length];
        double scatter = 0;
        for (int k = 0; k < mean.Length; k++)
        {
            mean[k] = flat.Average(pair => pair.Squares[k]);
            scatter += flat.Average(pair => pair.Squares[k] * pair.Squares[k]) - (mean[k] * mean[k]);
        }

        return (mean, Math.Max(0, scatter));
    }

    private double Share(Func<float, bool> isCut) =>
        _flat.Sum(block => Enumerable.Range(0, BlockCosine.Length)
            .Count(i => isCut(block.Plane.Row(block.Y + (i / Side))[block.X + (i % Side)])))
        / ((double)BlockCosine.Length * _flat.Count);
}
