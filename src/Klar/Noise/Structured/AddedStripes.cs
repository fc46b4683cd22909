using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>
/// Offsets of rows and columns to be added to an image: normal, independent of each other, of mean 0 over all rows and
/// all columns.
/// </summary>
/// <param name="Rows">σ of the offsets of rows, in sample units.</param>
/// <param name="Columns">σ of the offsets of columns.</param>
public sealed record AddedStripes(double Rows, double Columns)
{
    /// <summary>The image with them, the same in all channels.</summary>
    public Image AddTo(Image image, RunSettings? run = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        var random = new CounterRandom(run?.Seed ?? 0, RandomStream.AddedStripes);
        double[] rows = Offsets(image.Height, Rows, random, 0);
        double[] columns = Offsets(image.Width, Columns, random, 1);
        return image.With([.. image.Planes.Select(plane => Plane.Create(
            plane.Width, plane.Height, (plane, rows, columns), static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    int width = from.plane.Width;
                    to[i] = (float)(from.plane.Samples[i] + from.rows[i / width] + from.columns[i % width]);
                }
            }))]);
    }

    private static double[] Offsets(int lines, double sigma, CounterRandom random, ulong direction)
    {
        double[] offsets = new double[lines];
        for (int i = 0; i < lines; i++)
        {
            offsets[i] = sigma * random.Normal((2 * (ulong)i) + direction);
        }

        double mean = offsets.Average();
        return Array.ConvertAll(offsets, offset => offset - mean);
    }
}
