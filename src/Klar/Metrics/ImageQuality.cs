namespace Klar.Metrics;

/// <summary>How far an image is from its reference.</summary>
/// <param name="Psnr">Peak signal-to-noise ratio in dB; null where both are equal.</param>
/// <param name="Ssim">Structural similarity, −1 to 1; null where a side is below 11 pixels.</param>
/// <param name="Nrmse">Root of the mean squared error over the root of the reference's mean square.</param>
/// <param name="Peak">The peak that PSNR and SSIM used, in sample units.</param>
public sealed record ImageQuality(double? Psnr, double? Ssim, double Nrmse, double Peak)
{
    /// <summary>
    /// The quality of pages of one size together: PSNR of their mean squared error, the mean of SSIM, and NRMSE as the
    /// root of its mean square.
    /// </summary>
    public static ImageQuality Pooled(IReadOnlyList<ImageQuality> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        if (pages.Count == 1)
        {
            return pages[0];
        }

        double peak = pages[0].Peak;
        double error = pages.Average(static page =>
            page.Psnr is { } psnr ? page.Peak * page.Peak * Math.Pow(10, -psnr / 10) : 0);
        return new ImageQuality(
            error == 0 ? null : 10 * Math.Log10(peak * peak / error),
            pages.Average(static page => page.Ssim),
            Math.Sqrt(pages.Average(static page => page.Nrmse * page.Nrmse)),
            peak);
    }

    /// <summary>
    /// Judges <paramref name="test"/>, of the same size and channels, by <paramref name="reference"/>.
    /// </summary>
    public static ImageQuality Of(Image reference, Image test, double peak = 1, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(test);
        if (reference.Width != test.Width
            || reference.Height != test.Height
            || reference.Planes.Count != test.Planes.Count)
        {
            throw new ArgumentException(
                $"The images differ in size: {reference.Width}x{reference.Height}x{reference.Planes.Count} and "
                + $"{test.Width}x{test.Height}x{test.Planes.Count}.",
                nameof(test));
        }

        double squares = 0;
        double energy = 0;
        double? ssim = 0;
        for (int c = 0; c < reference.Planes.Count; c++)
        {
            (double error, double power) = Sums(reference.Planes[c], test.Planes[c]);
            squares += error;
            energy += power;
            ssim += StructuralSimilarity.Of(reference.Planes[c], test.Planes[c], peak, threads);
        }

        long count = (long)reference.Width * reference.Height * reference.Planes.Count;
        double mse = squares / count;
        return new ImageQuality(
            mse == 0 ? null : 10 * Math.Log10(peak * peak / mse),
            ssim / reference.Planes.Count,
            squares == 0 ? 0 : Math.Sqrt(squares / energy),
            peak);
    }

    private static (double Error, double Power) Sums(Plane reference, Plane test)
    {
        double error = 0;
        double power = 0;
        ReadOnlySpan<float> a = reference.Samples;
        ReadOnlySpan<float> b = test.Samples;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            error += difference * difference;
            power += (double)a[i] * a[i];
        }

        return (error, power);
    }
}
