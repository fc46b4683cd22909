using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Runs a method on a colour picture that was a JPEG in the colours in which it was coded: on the luminance, whose
/// noise was measured, and on the two differences of colour, mostly coded at half the size.
/// </summary>
/// <param name="make">Makes the method for a noise.</param>
/// <param name="handling">What to assume.</param>
/// <param name="run">Threads, seed and clock.</param>
internal sealed class JpegColourDenoiser(
    Func<AdditiveNoise, IDenoiser> make, NoiseHandling handling, RunSettings run)
{
    // A picture whose differences of colour are smaller than this at half the size has too few blocks to measure.
    private const int MinSide = 32;

    // Of noise that is independent and equal in red, green and blue, the luminance has 0.669 and the differences have
    // 0.622 and 0.653 of σ; at half the size a half of that.
    private const double DifferencesOverLuminance = 0.95;

    // Levels and transforms that pages share are those of the luminance; networks as well.
    private readonly RunSettings _run = run with { Stack = null, WarmStart = null };

    /// <summary>Denoises red, green and blue.</summary>
    /// <param name="rgb">The picture; areas that are no picture are filled.</param>
    /// <param name="noise">The noise of its luminance.</param>
    /// <param name="progress">Hears the share done.</param>
    /// <param name="cancel">Stops the work.</param>
    public Denoised Denoise(
        Image rgb, NoiseEstimate noise, IProgress<DenoiseProgress>? progress, CancellationToken cancel)
    {
        Plane luminance = JpegColours.Luminance(rgb);
        Image differences = JpegColours.Differences(rgb, luminance);
        double before = DifferencesOverLuminance * noise.SigmaBeforeJpeg;
        Denoised result = With(noise, rgb.With([luminance]), progress, cancel);
        differences = JpegGrid.Of(differences, new Mask?[2]) is { } grid
            ? Changed(differences, grid, before, cancel)
            : ChangedAtHalfSize(differences, noise.Jpeg!, before, cancel);
        return new Denoised(
            rgb.With(JpegColours.ToRgb(result.Image.Planes[0], differences)),
            result.Report.With("channels", "luminance and colour differences"));
    }

    private Denoised With(
        NoiseEstimate measured, Image image, IProgress<DenoiseProgress>? progress, CancellationToken cancel) =>
        new NoiseAwareDenoiser(make, handling with { Measured = measured }, _run).Denoise(image, progress, cancel);

    private Image Changed(Image differences, JpegGrid grid, double before, CancellationToken cancel) =>
        JpegEstimate.OfColours(differences, grid, before) is { } noise
            ? With(noise, differences, progress: null, cancel).Image
            : differences;

    private Image ChangedAtHalfSize(Image differences, JpegGrid grid, double before, CancellationToken cancel)
    {
        if (Math.Min(differences.Width, differences.Height) < 2 * MinSide)
        {
            return differences;
        }

        (int left, int top) = (grid.X % 2, grid.Y % 2);
        Image half = differences.With([.. differences.Planes.Select(plane => HalfSize.Of(plane, left, top))]);
        Image changed = Changed(half, new JpegGrid(grid.X / 2, grid.Y / 2), before / 2, cancel);
        return differences.With([.. differences.Planes.Select((plane, c) =>
            HalfSize.Changed(plane, half.Planes[c], changed.Planes[c], left, top))]);
    }
}
