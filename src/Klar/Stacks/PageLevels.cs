using Klar.Numerics;

namespace Klar;

/// <summary>
/// How the level of a stack's pages changes, by flicker of the lamp or by bleaching: the gain and the offset of
/// each page,
/// relative to the first.
/// </summary>
/// <remarks>
/// Pages are compared in the means of blocks with their median over all pages, by a line that gives up on blocks
/// where the
/// specimen moved (Tukey's weights).
/// </remarks>
public sealed class PageLevels
{
    // Blocks of a side.
    private const int Blocks = 32;
    private const int MinPixels = 4;

    private const int Rounds = 20;
    private const double Tukey = 4.685;

    // With less contrast among blocks, relative to what is left after the line, gain and offset cannot be told apart.
    private const double MinContrast = 5;

    private readonly (double Gain, double Offset)[] _lines;

    private PageLevels((double Gain, double Offset)[] lines) => _lines = lines;

    /// <summary>The gain of each page, 1 of the first.</summary>
    public IReadOnlyList<double> Gains => [.. _lines.Select(line => line.Gain / _lines[0].Gain)];

    /// <summary>The largest change of the gain over the pages, relative to the greatest gain; 0 to 1.</summary>
    public double Drift
    {
        get
        {
            double greatest = _lines.Max(static line => line.Gain);
            return greatest > 0 ? (greatest - _lines.Min(static line => line.Gain)) / greatest : 0;
        }
    }

    /// <summary>Measures pages of equal size, each of which is read once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="read">Reads one.</param>
    /// <param name="cancel">Ends it.</param>
    public static PageLevels Of(int count, Func<int, Image> read, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(read);
        double[][] sketches = new double[count][];
        for (int page = 0; page < count; page++)
        {
            cancel.ThrowIfCancellationRequested();
            sketches[page] = Sketch(read(page));
        }

        double[] typical = new double[sketches[0].Length];
        for (int block = 0; block < typical.Length; block++)
        {
            typical[block] = MedianOf(sketches.Select(sketch => sketch[block]));
        }

        return new PageLevels([.. sketches.Select(sketch => Line(typical, sketch))]);
    }

    /// <summary>A page at the level of the first.</summary>
    public Image Levelled(int page, Image image) => Mapped(image, _lines[page], _lines[0]);

    /// <summary>A page that was levelled, at its own level.</summary>
    public Image Restored(int page, Image image) => Mapped(image, _lines[0], _lines[page]);

    private static Image Mapped(Image image, (double Gain, double Offset) from, (double Gain, double Offset) to)
    {
        ArgumentNullException.ThrowIfNull(image);
        double gain = to.Gain / from.Gain;
        double offset = to.Offset - (gain * from.Offset);
        return image.With([.. image.Planes.Select(plane => Plane.Create(
            plane.Width, plane.Height, (plane, gain, offset), static (samples, line) =>
            {
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = (float)((line.gain * line.plane.Samples[i]) + line.offset);
                }
            }))]);
    }

    /// <summary>The means of blocks, channel after channel.</summary>
    private static double[] Sketch(Image image)
    {
        int across = Math.Clamp(image.Width / MinPixels, 1, Blocks);
        int down = Math.Clamp(image.Height / MinPixels, 1, Blocks);
        double[] sums = new double[image.Planes.Count * across * down];
        int[] counts = new int[sums.Length];
        for (int c = 0; c < image.Planes.Count; c++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<float> row = image.Planes[c].Row(y);
                int first = ((c * down) + (int)((long)y * down / image.Height)) * across;
                for (int x = 0; x < row.Length; x++)
                {
                    int at = first + (int)((long)x * across / image.Width);
                    sums[at] += row[x];
                    counts[at]++;
                }
            }
        }

        return [.. sums.Select((sum, i) => sum / counts[i])];
    }

    /// <summary>The line from the typical blocks to those of a page.</summary>
    private static (double Gain, double Offset) Line(double[] typical, double[] sketch)
    {
        double[] weights = new double[typical.Length];
        Array.Fill(weights, 1);
        (double gain, double offset) = (1, 0);
        double scale = 0;
        for (int round = 0; round < Rounds; round++)
        {
            double sum = weights.Sum(), mean = Weighted(typical), level = Weighted(sketch);
            (double square, double product) = (0, 0);
            for (int i = 0; i < weights.Length; i++)
            {
                square += weights[i] * (typical[i] - mean) * (typical[i] - mean);
                product += weights[i] * (typical[i] - mean) * (sketch[i] - level);
            }

            bool hasContrast = Math.Sqrt(square / sum) > MinContrast * scale / Math.Sqrt(sum) && square > 0;
            gain = hasContrast && product > 0 ? product / square : mean > 0 && level > 0 ? level / mean : 1;
            offset = level - (gain * mean);
            double[] left = [.. typical.Select((one, i) => sketch[i] - (gain * one) - offset)];
            scale = MedianOf(left.Select(Math.Abs)) / 0.6745;
            if (!(scale > 0))
            {
                break;
            }

            for (int i = 0; i < weights.Length; i++)
            {
                double share = left[i] / (Tukey * scale);
                weights[i] = Math.Abs(share) < 1 ? (1 - (share * share)) * (1 - (share * share)) : 0;
            }

            double Weighted(double[] blocks)
            {
                double all = 0;
                for (int i = 0; i < blocks.Length; i++)
                {
                    all += weights[i] * blocks[i];
                }

                return all / sum;
            }
        }

        return (gain, offset);
    }

    private static double MedianOf(IEnumerable<double> numbers) => Selection.Median<double>([.. numbers]);
}
