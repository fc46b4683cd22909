using System.Globalization;
using Klar.Imaging;

namespace Klar;

/// <summary>
/// Keeps masked samples from another denoiser: it sees them filled smoothly from their neighbours, and they are
/// returned as they were.
/// </summary>
public sealed class MaskedDenoiser : IDenoiser
{
    // Squares of this side are areas to ConstantAreas at any brightness that is an image's least.
    private const int AreaSide = 7;

    private readonly IDenoiser _inner;
    private readonly Func<Image, IReadOnlyList<Mask?>> _masks;
    private readonly bool _leavesOutAreas;

    /// <param name="inner">The denoiser.</param>
    /// <param name="masks">The mask of each plane of an image; null for a plane without masked samples.</param>
    /// <param name="leavesOutAreas">Whether the denoiser itself leaves out connected areas of one value.</param>
    internal MaskedDenoiser(IDenoiser inner, Func<Image, IReadOnlyList<Mask?>> masks, bool leavesOutAreas = false) =>
        (_inner, _masks, _leavesOutAreas) = (inner, masks, leavesOutAreas);

    /// <summary>Around <paramref name="inner"/>, which then never sees NaN or infinity.</summary>
    /// <param name="inner">The denoiser.</param>
    /// <param name="leavesOutAreas">
    /// Whether it models noise and so leaves out connected areas of one value; a simple filter does not.
    /// </param>
    public static MaskedDenoiser OfNonFinite(IDenoiser inner, bool leavesOutAreas) =>
        new(inner, static image => [.. image.Planes.Select(Mask.OfNonFinite)], leavesOutAreas);

    /// <summary>
    /// The image without NaN and infinite samples, and how many there were. Single ones are filled smoothly from their
    /// neighbours, larger areas with one value: the noise estimate leaves out connected areas of one value.
    /// </summary>
    public static (Image Image, int Count) WithoutNonFinite(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Mask?[] masks = [.. image.Planes.Select(Mask.OfNonFinite)];
        return (WithAreas(image, masks), Mask.CountIn(masks));
    }

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        IReadOnlyList<Mask?> masks = _masks(noisy);
        Image filled = Mask.CountIn(masks) == 0 ? noisy
            : _leavesOutAreas ? WithAreas(noisy, masks)
            : MaskFill.Filled(noisy, masks, cancel);
        return Restored(_inner.Denoise(filled, progress, cancel), noisy, masks);
    }

    /// <summary>A result with the masked samples of the original, which the report counts.</summary>
    internal static Denoised Restored(Denoised result, Image original, IReadOnlyList<Mask?> masks)
    {
        int count = Mask.CountIn(masks);
        if (count == 0)
        {
            return result;
        }

        Plane[] planes = [.. result.Image.Planes.Select(
            (plane, c) => masks[c] is { } mask ? Restored(plane, original.Planes[c], mask) : plane)];
        return new Denoised(
            result.Image.With(planes), result.Report.With("masked", count.ToString(CultureInfo.InvariantCulture)));
    }

    private static Image WithAreas(Image image, IReadOnlyList<Mask?> masks) =>
        image.With([.. image.Planes.Select((plane, c) => masks[c] is { } mask ? WithAreas(plane, mask) : plane)]);

    private static Plane WithAreas(Plane plane, Mask mask)
    {
        Plane filled = MaskFill.Filled(plane, mask);
        return mask.Areas(AreaSide) is { } areas ? WithLeast(filled, areas) : filled;
    }

    private static Plane WithLeast(Plane filled, Mask areas)
    {
        float[] samples = filled.Samples.ToArray();
        float least = samples.Min();
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = areas[i] ? least : samples[i];
        }

        return new Plane(filled.Width, filled.Height, samples);
    }

    private static Plane Restored(Plane result, Plane original, Mask mask)
    {
        float[] samples = result.Samples.ToArray();
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = mask[i] ? original.Samples[i] : samples[i];
        }

        return new Plane(result.Width, result.Height, samples);
    }
}
