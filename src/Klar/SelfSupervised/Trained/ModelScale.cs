namespace Klar.SelfSupervised.Trained;

/// <summary>
/// How a model sees a file's grey levels: <see cref="Black"/> as 0 and <see cref="White"/> as 1. It is fixed in
/// training, because noise of a given gain and read noise is what it is in grey levels, whatever an image's own
/// range.
/// </summary>
/// <param name="Black">The grey level that is 0.</param>
/// <param name="White">The grey level that is 1, above <paramref name="Black"/>.</param>
public sealed record ModelScale(double Black, double White)
{
    // Of all samples, so many lie below black and above white: a stuck pixel does not decide.
    private const double Outside = 0.001;
    private const int MaxSamples = 1 << 22;

    /// <summary>Grey levels for 1.</summary>
    public double Range => White - Black;

    /// <summary>
    /// The scale in which all but the darkest and the brightest thousandth of the samples of
    /// <paramref name="images"/> lie between 0 and 1.
    /// </summary>
    public static ModelScale Of(IReadOnlyList<Image> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        long total = images.Sum(static image => (long)image.Width * image.Height * image.Planes.Count);
        long every = Math.Max(1, total / MaxSamples), next = 0, at = 0;
        var levels = new List<double>();
        foreach (Image image in images)
        {
            foreach (Plane plane in image.Planes)
            {
                for (; next < at + plane.Samples.Length; next += every)
                {
                    levels.Add(image.Scale.Black + (image.Scale.Range * plane.Samples[(int)(next - at)]));
                }

                at += plane.Samples.Length;
            }
        }

        levels.Sort();
        int outside = (int)(levels.Count * Outside);
        (double black, double white) = (levels[outside], levels[^(outside + 1)]);
        return white > black
            ? new ModelScale(black, white)
            : new ModelScale(levels[0], levels[^1] > levels[0] ? levels[^1] : levels[0] + 1);
    }

    /// <summary>A channel as the model sees it, row-major.</summary>
    internal float[] Seen(Plane plane, SampleScale scale)
    {
        float[] seen = new float[plane.Samples.Length];
        (float factor, float offset) = ((float)(scale.Range / Range), (float)((scale.Black - Black) / Range));
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = (factor * plane.Samples[i]) + offset;
        }

        return seen;
    }

    /// <summary>What the model made, in units of the image's own white.</summary>
    internal Plane Undone(float[] seen, int width, int height, SampleScale scale) =>
        Plane.Create(width, height, (seen, this, scale), static (to, from) =>
    {
        (ModelScale model, SampleScale scale) = (from.Item2, from.scale);
        (float factor, float offset) =
            ((float)(model.Range / scale.Range), (float)((model.Black - scale.Black) / scale.Range));
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (factor * from.seen[i]) + offset;
        }
    });
}
