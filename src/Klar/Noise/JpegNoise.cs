using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>The noise that JPEG compression left, measured in the flattest blocks of its own grid.</summary>
/// <remarks>
/// White noise has one variance in all coefficients of a block; quantisation sets the high frequencies to 0 first, so
/// that what is left has a variance for each frequency, v(u, v). In blocks without structure this is the mean square of
/// their coefficients. Blocks are coded one by one: noise in one says nothing of noise in the next, and the
/// autocorrelation is the average over all positions in a block,
/// <code>
/// r(dx, dy) = Σ v(u, v) b_u(dx) b_v(dy) / Σ v(u, v),  b_u(d) = Σ_x f_u(x) f_u(x + d)
/// </code>
/// with f_u the cosine of frequency u.
/// </remarks>
internal static class JpegNoise
{
    private const int Side = BlockCosine.Side;

    // As for patches: levels of equal width in the root of the brightness, merged until they are large enough.
    private const int MaxLevels = 16;
    private const int MinBlocks = 100;

    // This share of a level's blocks, those whose neighbours vary least, is taken for flat; no fewer than so many.
    private const double Flattest = 0.2;
    private const int MinFlat = 12;

    // With a greater share of samples at black or white the noise was cut off, and compressed after that.
    private const double MostCut = 0.25;

    // With fewer blocks left those are the edges of bright spots, and hold more structure than noise.
    private const double MinWhole = 0.5;

    // Frequencies whose indices add up to no more than this hold structure first.
    private const int Lowest = 2;
    private const double LeastOfGreatest = 0.05;
    private const int MinFrequencies = 6;

    /// <summary>
    /// The levels, darkest first, and the autocorrelation at lags −4 to 4; no levels where there are too few blocks, or
    /// most are cut off.
    /// </summary>
    /// <param name="image">The noisy picture.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    /// <param name="grid">Where blocks start.</param>
    public static (List<LevelSet> Levels, double[] Autocorrelation) Of(
        Image image, IReadOnlyList<Mask?> masks, JpegGrid grid)
    {
        List<Block> blocks = [.. image.Planes.SelectMany((plane, c) => Blocks(plane, masks[c], grid))];
        List<Flat> flats = [.. ByBrightness(blocks).Select(FlatOf)];
        int all = flats.Sum(static flat => flat.All);
        flats.RemoveAll(static flat => !flat.IsWhole);
        if (flats.Sum(static flat => flat.All) < MinWhole * all)
        {
            return ([], []);
        }

        double least = NoiseEstimator.LeastSigma(image.Scale);
        Flat? reference = flats.Where(flat => flat.Variance > least * least).MinBy(static flat => flat.Variance);
        if (reference is null)
        {
            return ([.. flats.Select(static flat => flat.Level(flat.Variance))], []);
        }

        var levels = new List<LevelSet>();
        foreach (Flat flat in flats)
        {
            if (ReferenceEquals(flat, reference) || flat.Variance < reference.Variance)
            {
                levels.Add(flat.Level(flat.Variance));
            }
            else if (flat.RelativeTo(reference) is { } ratio)
            {
                levels.Add(flat.Level(ratio * reference.Variance));
            }
        }

        return (levels, Autocorrelation(reference.Spectrum));
    }

    /// <summary>The flattest blocks of a level.</summary>
    /// <param name="Blocks">The blocks.</param>
    /// <param name="All">How many blocks the level has.</param>
    /// <param name="Spectrum">The mean square of each coefficient.</param>
    /// <param name="Error">Standard error of the spectrum's sum, relative to it.</param>
    private sealed record Flat(Block[] Blocks, int All, double[] Spectrum, double Error)
    {
        /// <summary>The mean of the blocks' samples' variances.</summary>
        public double Variance { get; } = Spectrum.Sum() / BlockCosine.Length;

        /// <summary>
        /// How much stronger noise is than in another level. Structure is in the lowest frequencies; so it is the
        /// median over the others that counts, as far as they hold noise. Null where there are too few of them.
        /// </summary>
        public double? RelativeTo(Flat other)
        {
            double least = LeastOfGreatest * other.Spectrum.Max();
            double[] ratios = [.. Enumerable.Range(1, BlockCosine.Length - 1)
                .Where(k => (k % Side) + (k / Side) > Lowest && other.Spectrum[k] > least)
                .Select(k => Spectrum[k] / other.Spectrum[k]).Order()];
            return ratios.Length < MinFrequencies ? null : ratios[ratios.Length / 2];
        }

        private double Black { get; } = Share(Blocks, static sample => sample <= 0);

        private double White { get; } = Share(Blocks, static sample => sample >= 1);

        /// <summary>Whether most of its noise was not cut off.</summary>
        public bool IsWhole => Black + White <= MostCut;

        /// <summary>What is said of the level, for noise of that variance.</summary>
        public LevelSet Level(double variance)
        {
            double mean = Blocks.Average(static block => block.Mean);
            return new LevelSet(mean, variance, 1, All * BlockCosine.Length, Black, White, 3, 0, 0)
            {
                Error = Error,
                IsOfBand = true,
            };
        }

        private static double Share(Block[] blocks, Func<float, bool> isCut) =>
            blocks.Sum(block => Enumerable.Range(0, BlockCosine.Length)
                .Count(i => isCut(block.Plane.Row(block.Y + (i / Side))[block.X + (i % Side)])))
            / ((double)BlockCosine.Length * blocks.Length);
    }

    private static Flat FlatOf(List<Block> level)
    {
        int count = Math.Max(MinFlat, (int)(Flattest * level.Count));
        Block[] blocks = [.. level.OrderBy(static block => block.Around).Take(count)];
        (double[] spectrum, double error) = Spectrum(blocks);
        return new Flat(blocks, level.Count, spectrum, error);
    }

    /// <summary>A block: where it is, its mean, its variance and that of its neighbours.</summary>
    private sealed record Block(Plane Plane, int X, int Y, double Mean, double Around);

    private static List<Block> Blocks(Plane plane, Mask? mask, JpegGrid grid)
    {
        (int across, int down) = ((plane.Width - grid.X) / Side, (plane.Height - grid.Y) / Side);
        double[] means = new double[across * down], variances = new double[across * down];
        for (int i = 0; i < means.Length; i++)
        {
            (int left, int top) = (grid.X + (i % across * Side), grid.Y + (i / across * Side));
            bool isMasked = mask?.Touches(left, top, Side) == true;
            (means[i], variances[i]) = isMasked ? (0, double.NaN) : Moments(plane, left, top);
        }

        var blocks = new List<Block>();
        for (int i = 0; i < means.Length; i++)
        {
            (int x, int y) = (i % across, i / across);
            double sum = 0;
            int count = 0;
            Add(x > 0, i - 1);
            Add(x < across - 1, i + 1);
            Add(y > 0, i - across);
            Add(y < down - 1, i + across);
            if (!double.IsNaN(variances[i]) && count > 1)
            {
                blocks.Add(new Block(plane, grid.X + (x * Side), grid.Y + (y * Side), means[i], sum / count));
            }

            void Add(bool isInside, int neighbour)
            {
                if (isInside && !double.IsNaN(variances[neighbour]))
                {
                    (sum, count) = (sum + variances[neighbour], count + 1);
                }
            }
        }

        return blocks;
    }

    private static (double Mean, double Variance) Moments(Plane plane, int left, int top)
    {
        double sum = 0, squares = 0;
        for (int y = top; y < top + Side; y++)
        {
            foreach (float sample in plane.Row(y).Slice(left, Side))
            {
                sum += sample;
                squares += (double)sample * sample;
            }
        }

        double mean = sum / BlockCosine.Length;
        return (mean, Math.Max(0, (squares / BlockCosine.Length) - (mean * mean)));
    }

    private static List<List<Block>> ByBrightness(List<Block> blocks)
    {
        var levels = new List<List<Block>>();
        if (blocks.Count < MinFlat)
        {
            return levels;
        }

        double darkest = blocks.Min(static block => block.Mean);
        double range = Math.Sqrt(blocks.Max(static block => block.Mean) - darkest);
        List<Block> waiting = [];
        foreach (IGrouping<int, Block> bin in blocks.GroupBy(Bin).OrderBy(static bin => bin.Key))
        {
            waiting.AddRange(bin);
            if (waiting.Count >= MinBlocks)
            {
                levels.Add(waiting);
                waiting = [];
            }
        }

        if (levels.Count == 0)
        {
            levels.Add(waiting);
        }
        else
        {
            levels[^1].AddRange(waiting);
        }

        return levels;

        int Bin(Block block) =>
            range > 0 ? (int)Math.Min(MaxLevels - 1, MaxLevels * Math.Sqrt(block.Mean - darkest) / range) : 0;
    }

    /// <summary>
    /// The mean square of each coefficient; that of the mean, which is the picture's, is taken from the frequencies
    /// next to it.
    /// </summary>
    private static (double[] MeanSquares, double Error) Spectrum(Block[] flat)
    {
        double[] variances = new double[BlockCosine.Length], fourth = new double[BlockCosine.Length];
        Span<double> samples = stackalloc double[BlockCosine.Length];
        Span<double> coefficients = stackalloc double[BlockCosine.Length];
        foreach (Block block in flat)
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = block.Plane.Row(block.Y + (i / Side))[block.X + (i % Side)];
            }

            BlockCosine.Forward(samples, coefficients);
            for (int i = 1; i < variances.Length; i++)
            {
                double square = coefficients[i] * coefficients[i];
                variances[i] += square / flat.Length;
                fourth[i] += square * square / flat.Length;
            }
        }

        // Few coefficients of a quantised frequency differ from 0: their squares scatter by more than those of normal
        // noise.
        variances[0] = 0.5 * (variances[1] + variances[Side]);
        double sum = variances.Sum();
        double scatter = fourth.Skip(1).Zip(variances.Skip(1), static (m4, m2) => m4 - (m2 * m2)).Sum();
        return (variances, sum > 0 ? Math.Sqrt(Math.Max(0, scatter) / flat.Length) / sum : 0);
    }

    private static double[] Autocorrelation(double[] spectrum)
    {
        const int Reach = NoiseCorrelation.Reach, Lags = (2 * Reach) + 1;
        double sum = spectrum.Sum();
        if (!(sum > 0))
        {
            return [];
        }

        double[] correlation = new double[Lags * Lags];
        for (int i = 0; i < correlation.Length; i++)
        {
            for (int k = 0; k < spectrum.Length; k++)
            {
                correlation[i] += spectrum[k] / sum
                    * BlockCosine.Autocorrelation(k % Side, (i % Lags) - Reach)
                    * BlockCosine.Autocorrelation(k / Side, (i / Lags) - Reach);
            }
        }

        return correlation;
    }
}
