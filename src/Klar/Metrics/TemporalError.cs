namespace Klar.Metrics;

/// <summary>
/// How far the course of a sequence is from that of its reference: the error of each pixel's mean over time, which
/// blur and bias make, and that of its change from page to page, which blur in time makes.
/// </summary>
public sealed class TemporalError
{
    private double[]? _means;
    private float[][]? _last;
    private double _changes;
    private long _changed;
    private int _pages;

    /// <summary>
    /// The root mean square over pixels of the difference between both means over time, in sample units.
    /// </summary>
    public double OfMeans => _means is null
        ? 0
        : Math.Sqrt(_means.Sum(sum => sum / _pages * (sum / _pages)) / _means.Length);

    /// <summary>
    /// The root mean square, over pixels and pages, of the difference between both changes from one page to the next,
    /// in sample units; 0 for one page.
    /// </summary>
    public double OfDifferences => _changed == 0 ? 0 : Math.Sqrt(_changes / _changed);

    /// <summary>Adds the next page.</summary>
    /// <exception cref="ArgumentException">
    /// It differs in size or channels from its reference, or from the page before.
    /// </exception>
    public void Add(Image reference, Image test)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(test);
        float[][] errors = [.. reference.Planes.Zip(test.Planes, Difference)];
        _means ??= new double[errors.Sum(static plane => plane.Length)];
        if (reference.Planes.Count != test.Planes.Count || errors.Sum(static plane => plane.Length) != _means.Length)
        {
            throw new ArgumentException("Pages differ in size or channels.", nameof(test));
        }

        int at = 0;
        for (int c = 0; c < errors.Length; c++)
        {
            for (int i = 0; i < errors[c].Length; i++, at++)
            {
                _means[at] += errors[c][i];
                if (_last is not null)
                {
                    double change = errors[c][i] - _last[c][i];
                    _changes += change * change;
                    _changed++;
                }
            }
        }

        _last = errors;
        _pages++;
    }

    private static float[] Difference(Plane reference, Plane test)
    {
        if (reference.Width != test.Width || reference.Height != test.Height)
        {
            throw new ArgumentException("Pages differ in size or channels.", nameof(test));
        }

        float[] difference = test.Samples.ToArray();
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] -= reference.Samples[i];
        }

        return difference;
    }
}
