using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Columns of a sensor that count too little or too much, over their full height or a part: half-bright ones, and ones
/// with an offset. They are replaced by the mean of the columns beside them.
/// </summary>
/// <remarks>
/// A bad column differs from its neighbours by a factor and an offset, and from nothing else: these agree with each
/// other, and what is left after the line is no more than noise. Specimens that happen to lie along a column are wider
/// than a pixel, since optics spread them, so that the neighbours show them too, and their brightness changes on its
/// own.
/// </remarks>
internal static class BadColumns
{
    // A run of rows is looked for in bands, and must be this long, or as long as the picture is high.
    private const int Band = 32;
    private const int MinRows = 64;
    private const int MinSide = 32;

    // A column must differ from the mean of its neighbours by this many deviations of what columns scatter in a band,
    // and over its whole run by this many, both of all columns and of those three to the side, since most of a sparse
    // picture may be a dark floor; and by this many times the bend of the four beside it. A line of light with
    // a Gaussian profile of σ = 0.8 pixels exceeds that bend by 0.65 times, one of 0.5 pixels by 3.2. Medians over rows
    // count, so that stuck pixels in a neighbour do not.
    private const double BandDeviations = 5;
    private const double Deviations = 8;
    private const double Bends = 4;

    // What is left of the column after the line, relative to what is left of the columns three to the side: noise that
    // is amplified 1.4 times leaves twice as much.
    private const double MaxLeft = 3;

    // Less than this of the picture's range is not seen, and rounding does it.
    private const double MinContrast = 0.02;

    // With a greater share of columns it is a pattern, or the picture.
    private const double MaxShare = 0.05;

    /// <summary>The image with its bad columns replaced, and how many there were in all planes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    public static (Image Image, int Count) Repaired(Image image, IReadOnlyList<Mask?> masks)
    {
        // Photographs have lines of a pixel's width.
        if (image.Scale.MayBePhotograph)
        {
            return (image, 0);
        }

        List<ColumnRun>[] runs = [.. MaskFill.Filled(image, masks).Planes.Select(Of)];
        int count = runs.Sum(static list => list.Count);
        return (count == 0 ? image : image.With([.. image.Planes.Zip(runs, Repaired)]), count);
    }

    /// <summary>Bad columns: where, and over which rows.</summary>
    public static List<ColumnRun> Of(Plane plane)
    {
        var found = new List<ColumnRun>();
        if (plane.Width < MinSide || plane.Height < MinSide)
        {
            return found;
        }

        (double low, double high) = RobustRange.Of(new Image(plane));
        int bands = plane.Height / Band;
        bool[][] outlying = [.. Enumerable.Range(0, bands).Select(band =>
            Outlying(plane, band * Band, band == bands - 1 ? plane.Height : (band + 1) * Band))];
        for (int x = ColumnRun.Reach; x < plane.Width - ColumnRun.Reach; x++)
        {
            for (int first = 0; first < bands; first++)
            {
                int last = first;
                while (last < bands && outlying[last][x])
                {
                    last++;
                }

                var run = new ColumnRun(x, first * Band, last == bands ? plane.Height : last * Band);
                bool isLong = last > first && run.Rows >= Math.Min(MinRows, plane.Height);
                if (isLong && IsBad(plane, run, MinContrast * (high - low)))
                {
                    found.Add(run.Trimmed(plane));
                }

                first = last;
            }
        }

        return found.Count > MaxShare * plane.Width ? [] : found;
    }

    private static bool[] Outlying(Plane plane, int from, int to)
    {
        double[] deviations = Deviation(plane, from, to);
        double limit = BandDeviations * Spread(deviations);
        return [.. deviations.Select(deviation => limit > 0 && Math.Abs(deviation) > limit)];
    }

    private static bool IsBad(Plane plane, ColumnRun run, double least)
    {
        double deviation = Math.Abs(run.Deviation(plane));
        double error = Math.Max(run.At(run.X - 3).Error(plane), run.At(run.X + 3).Error(plane));
        if (deviation <= Math.Max(least, Math.Max(Bends * run.RelativeCurvature(plane), Deviations * error)))
        {
            return false;
        }

        double beside = Math.Max(run.At(run.X - 3).Left(plane), run.At(run.X + 3).Left(plane));
        bool isLine = beside > 0 && run.Left(plane) <= MaxLeft * beside;

        // Last, since it looks at all columns.
        return isLine && deviation > Deviations * Spread(Deviation(plane, run.From, run.To));
    }

    /// <summary>What each column has beyond the mean of its neighbours; 0 at the sides.</summary>
    private static double[] Deviation(Plane plane, int from, int to)
    {
        double[] deviations = new double[plane.Width];
        for (int x = 1; x < deviations.Length - 1; x++)
        {
            deviations[x] = new ColumnRun(x, from, to).Deviation(plane);
        }

        return deviations;
    }

    /// <summary>σ of the deviations if they were normal, from their median.</summary>
    private static double Spread(double[] deviations)
    {
        double[] sorted = [.. deviations.Select(Math.Abs).Order()];
        return sorted[sorted.Length / 2] / 0.6745;
    }

    private static Plane Repaired(Plane plane, List<ColumnRun> runs)
    {
        float[] samples = plane.Samples.ToArray();
        foreach (ColumnRun run in runs)
        {
            for (int y = run.From; y < run.To; y++)
            {
                int at = (y * plane.Width) + run.X;
                samples[at] = 0.5f * (plane.Samples[at - 1] + plane.Samples[at + 1]);
            }
        }

        return new Plane(plane.Width, plane.Height, samples);
    }
}
