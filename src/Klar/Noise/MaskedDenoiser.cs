using System.Globalization;
using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Keeps masked samples from another denoiser: it sees them filled smoothly from their neighbours, and they are returned as they were.
/// </summary>
public sealed class MaskedDenoiser : IDenoiser
{
    private readonly IDenoiser _inner;
    private readonly Func<Image, IReadOnlyList<Mask?>> _masks;

    /// <param name="inner">The denoiser.</param>
    /// <param name="masks">The mask of each plane of an image; null for a plane without masked samples.</param>
    internal MaskedDenoiser(IDenoiser inner, Func<Image, IReadOnlyList<Mask?>> masks) => (_inner, _masks) = (inner, masks);

    /// <summary>Around <paramref name="inner"/>, which then never sees NaN or infinity.</summary>
    public static MaskedDenoiser OfNonFinite(IDenoiser inner) => new(inner, static image => [.. image.Planes.Select(Mask.OfNonFinite)]);

    /// <summary>The image with NaN and infinite samples filled smoothly from their neighbours, and how many there were.</summary>
    public static (Image Image, int Count) WithoutNonFinite(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Mask?[] masks = [.. image.Planes.Select(Mask.OfNonFinite)];
        return (MaskFill.Filled(image, masks), masks.Sum(static mask => mask?.Count ?? 0));
    }

    /// <inheritdoc/>
    public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        IReadOnlyList<Mask?> masks = _masks(noisy);
        int count = masks.Sum(static mask => mask?.Count ?? 0);
        if (count == 0)
        {
            return _inner.Denoise(noisy, progress, cancel);
        }

        Denoised result = _inner.Denoise(MaskFill.Filled(noisy, masks), progress, cancel);
        return new Denoised(Restored(result.Image, noisy, masks), result.Report.With("masked", count.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>A result with the masked samples of the original.</summary>
    internal static Image Restored(Image result, Image original, IReadOnlyList<Mask?> masks) =>
        result.With([.. result.Planes.Select((plane, c) => masks[c] is { } mask ? Restored(plane, original.Planes[c], mask) : plane)]);

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
