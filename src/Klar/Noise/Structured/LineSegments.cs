using Klar.Imaging;

namespace Klar.Noise.Structured;

/// <summary>
/// The means of short segments of a plane's lines: rows, or columns. All that is asked about offsets of lines is asked
/// of these, where the noise of single samples has averaged out and structure is still seen apart.
/// </summary>
internal sealed class LineSegments
{
    // Samples in a segment: enough for the mean to be close to normal, few enough for structure to leave most alone.
    private const int Samples = 16;
    private const int MaxSegments = 64;
    private const int MinSegments = 16;

    // A segment with fewer valid samples is left out.
    private const double MinValid = 0.5;

    private LineSegments(int lines, int segments, double[] means, bool[] valid) =>
        (Lines, Segments, Means, Valid) = (lines, segments, means, valid);

    /// <summary>Rows, or columns.</summary>
    public int Lines { get; }

    /// <summary>Segments of a line.</summary>
    public int Segments { get; }

    /// <summary>The mean of each segment, line after line.</summary>
    public double[] Means { get; }

    /// <summary>Whether enough of a segment's samples show the picture.</summary>
    public bool[] Valid { get; }

    /// <summary>Samples of a segment.</summary>
    public double Length { get; private init; }

    /// <summary>The segments of the rows of a plane, or of its columns.</summary>
    public static LineSegments Of(Plane plane, Mask? mask, LineDirection direction)
    {
        bool rows = direction == LineDirection.Rows;
        (int lines, int length) = rows ? (plane.Height, plane.Width) : (plane.Width, plane.Height);
        int segments = Math.Clamp(length / Samples, Math.Min(MinSegments, length), MaxSegments);
        int[] segmentOf = [.. Enumerable.Range(0, length).Select(i => (int)((long)i * segments / length))];
        int[] sizes = new int[segments];
        foreach (int segment in segmentOf)
        {
            sizes[segment]++;
        }

        double[] sums = new double[lines * segments];
        int[] counts = new int[lines * segments];
        for (int y = 0; y < plane.Height; y++)
        {
            ReadOnlySpan<float> row = plane.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                if (mask?[(y * plane.Width) + x] != true)
                {
                    int at = rows ? (y * segments) + segmentOf[x] : (x * segments) + segmentOf[y];
                    sums[at] += row[x];
                    counts[at]++;
                }
            }
        }

        bool[] valid = new bool[sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            valid[i] = counts[i] > 0 && counts[i] >= MinValid * sizes[i % segments];
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : 0;
        }

        return new LineSegments(lines, segments, sums, valid) { Length = (double)length / segments };
    }
}
