namespace Klar.Imaging;

/// <summary>
/// The range of a picture without its outliers: single stuck samples, stars and burnt-in marks stretch any range,
/// percentiles stay.
/// </summary>
internal static class RobustRange
{
    private const int MaxSamples = 200_000;
    private const double Outside = 0.002;

    /// <summary>The brightness that 0.2 % of the samples lie below, and that 0.2 % lie above.</summary>
    public static (double Low, double High) Of(Image image)
    {
        long all = image.Planes.Sum(static plane => (long)plane.Samples.Length);
        int step = (int)(all / MaxSamples) | 1; // odd, so that not always the same columns are taken
        var some = new List<float>();
        foreach (Plane plane in image.Planes)
        {
            for (int i = 0; i < plane.Samples.Length; i += step)
            {
                if (float.IsFinite(plane.Samples[i]))
                {
                    some.Add(plane.Samples[i]);
                }
            }
        }

        if (some.Count == 0)
        {
            return (0, 0);
        }

        some.Sort();
        int edge = (int)(Outside * some.Count);
        return (some[edge], some[^(1 + edge)]);
    }
}
