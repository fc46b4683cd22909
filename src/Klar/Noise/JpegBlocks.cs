using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>A block of 8 × 8 as JPEG codes them.</summary>
/// <param name="Plane">The plane that it is in.</param>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Mean">The mean of its samples.</param>
/// <param name="Around">The mean of the variances of the blocks at its four sides.</param>
internal sealed record JpegBlock(Plane Plane, int X, int Y, double Mean, double Around)
{
    /// <summary>The squares of the block's coefficients, row-major; that of the mean is 0.</summary>
    public double[] SquaredCoefficients()
    {
        Span<double> samples = stackalloc double[BlockCosine.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = Plane.Row(Y + (i / BlockCosine.Side))[X + (i % BlockCosine.Side)];
        }

        double[] squares = new double[BlockCosine.Length];
        BlockCosine.Forward(samples, squares);
        for (int k = 0; k < squares.Length; k++)
        {
            squares[k] *= k == 0 ? 0 : squares[k];
        }

        return squares;
    }
}

/// <summary>The blocks of a picture that was a JPEG, by brightness.</summary>
internal static class JpegBlocks
{
    private const int Side = BlockCosine.Side;

    // As for patches: levels of equal width in the root of the brightness, merged until they are large enough.
    private const int MaxLevels = 16;
    private const int MinBlocks = 100;

    /// <summary>The blocks of a plane that hold no masked sample and have two neighbours or more.</summary>
    public static IEnumerable<JpegBlock> Of(Plane plane, Mask? mask, JpegGrid grid)
    {
        (int across, int down) = ((plane.Width - grid.X) / Side, (plane.Height - grid.Y) / Side);
        double[] means = new double[across * down], variances = new double[across * down];
        for (int i = 0; i < means.Length; i++)
        {
            (int left, int top) = (grid.X + (i % across * Side), grid.Y + (i / across * Side));
            bool isMasked = mask?.Touches(left, top, Side) == true;
            (means[i], variances[i]) = isMasked ? (0, double.NaN) : Moments(plane, left, top);
        }

        for (int i = 0; i < means.Length; i++)
        {
            (int x, int y) = (i % across, i / across);
            double[] around =
            [
                x > 0 ? variances[i - 1] : double.NaN,
                x < across - 1 ? variances[i + 1] : double.NaN,
                y > 0 ? variances[i - across] : double.NaN,
                y < down - 1 ? variances[i + across] : double.NaN,
            ];
            double[] known = [.. around.Where(static variance => !double.IsNaN(variance))];
            if (!double.IsNaN(variances[i]) && known.Length > 1)
            {
                yield return new JpegBlock(
                    plane, grid.X + (x * Side), grid.Y + (y * Side), means[i], known.Average());
            }
        }
    }

    /// <summary>Levels of brightness, darkest first.</summary>
    public static IEnumerable<List<JpegBlock>> ByBrightness(List<JpegBlock> blocks)
    {
        double darkest = blocks.Min(static block => block.Mean);
        double range = Math.Sqrt(blocks.Max(static block => block.Mean) - darkest);
        var levels = new List<List<JpegBlock>>();
        List<JpegBlock> waiting = [];
        foreach (IGrouping<int, JpegBlock> bin in blocks.GroupBy(Bin).OrderBy(static bin => bin.Key))
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
            return [waiting];
        }

        levels[^1].AddRange(waiting);
        return levels;

        int Bin(JpegBlock block) =>
            range > 0 ? (int)Math.Min(MaxLevels - 1, MaxLevels * Math.Sqrt(block.Mean - darkest) / range) : 0;
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
}
