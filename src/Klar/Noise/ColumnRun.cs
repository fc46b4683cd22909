namespace Klar.Noise;

/// <summary>A part of a column.</summary>
/// <param name="X">The column.</param>
/// <param name="From">The first row.</param>
/// <param name="To">The row after the last.</param>
internal sealed record ColumnRun(int X, int From, int To)
{
    /// <summary>How many columns beside it are looked at.</summary>
    public const int Reach = 4;

    // The rows by which its ends are moved.
    private const int Step = 4;

    /// <summary>How many rows it has.</summary>
    public int Rows => To - From;

    /// <summary>The same rows of another column.</summary>
    public ColumnRun At(int x) => this with { X = x };

    /// <summary>
    /// How far the two columns to each side are from a straight line: what the outer ones have beyond the inner ones,
    /// and their difference beyond twice that of the inner ones.
    /// </summary>
    public double RelativeCurvature(Plane plane) =>
        Math.Abs(Median(row => row[X - 2] - row[X - 1] - row[X + 1] + row[X + 2], plane))
        + Math.Abs(Median(row => row[X - 2] - (2 * (row[X - 1] - row[X + 1])) - row[X + 2], plane));

    /// <summary>What the column has beyond the mean of its neighbours.</summary>
    public double Deviation(Plane plane) => Median(row => row[X] - (0.5f * (row[X - 1] + row[X + 1])), plane);

    /// <summary>
    /// The standard error that the noise of this part of the picture gives <see cref="Deviation"/>: that of a median,
    /// by the median absolute deviation over rows. Photons scatter more where it is bright.
    /// </summary>
    public double Error(Plane plane)
    {
        float middle = (float)Deviation(plane);
        double scatter = Median(row => Math.Abs(row[X] - (0.5f * (row[X - 1] + row[X + 1])) - middle), plane) / 0.6745;
        return Math.Sqrt(Math.PI / 2 / Rows) * scatter;
    }

    private double Median(Func<ReadOnlySpan<float>, float> of, Plane plane)
    {
        float[] values = new float[Rows];
        for (int y = 0; y < values.Length; y++)
        {
            values[y] = of(plane.Row(From + y));
        }

        Array.Sort(values);
        return 0.5 * (values[(values.Length - 1) / 2] + values[values.Length / 2]);
    }

    /// <summary>
    /// The run with its ends where the column begins to differ from its neighbours by half of what it does on the mean.
    /// </summary>
    public ColumnRun Trimmed(Plane plane)
    {
        double half = 0.5 * Deviation(plane);
        (int from, int to) = (From, To);
        while (to - from > 2 * Step && !Differs(from))
        {
            from += Step;
        }

        while (from >= Step && Differs(from - Step))
        {
            from -= Step;
        }

        while (to - from > 2 * Step && !Differs(to - Step))
        {
            to -= Step;
        }

        while (to + Step <= plane.Height && Differs(to))
        {
            to += Step;
        }

        // A rest at the picture's edge is too short to be looked at.
        return this with { From = from < Step ? 0 : from, To = plane.Height - to < Step ? plane.Height : to };

        bool Differs(int row) =>
            (this with { From = row, To = Math.Min(plane.Height, row + Step) }).Deviation(plane) / half > 1;
    }

    /// <summary>The variance that a line in the mean of the neighbours leaves of the column.</summary>
    public double Left(Plane plane)
    {
        double sumX = 0, sumY = 0, sumXx = 0, sumXy = 0, sumYy = 0;
        for (int y = From; y < To; y++)
        {
            ReadOnlySpan<float> row = plane.Row(y);
            double beside = 0.5 * ((double)row[X - 1] + row[X + 1]), here = row[X];
            (sumX, sumY) = (sumX + beside, sumY + here);
            (sumXx, sumXy, sumYy) = (sumXx + (beside * beside), sumXy + (beside * here), sumYy + (here * here));
        }

        double xx = sumXx - (sumX * sumX / Rows), xy = sumXy - (sumX * sumY / Rows), yy = sumYy - (sumY * sumY / Rows);
        return Math.Max(0, yy - (xx > 0 ? xy * xy / xx : 0)) / Rows;
    }
}
