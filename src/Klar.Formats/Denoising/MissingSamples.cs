using System.Globalization;

namespace Klar.Formats.Denoising;

/// <summary>Samples that are NaN or infinite: refused, or left as they are with a picture around them.</summary>
internal static class MissingSamples
{
    /// <summary>Whether any sample is NaN or infinite.</summary>
    public static bool AreIn(Image image) => CountIn(image) > 0;

    /// <summary>How many samples are NaN or infinite.</summary>
    public static long CountIn(Image image) => image.Planes.Sum(static plane =>
    {
        long count = 0;
        foreach (float sample in plane.Samples)
        {
            count += float.IsFinite(sample) ? 0 : 1;
        }

        return count;
    });

    /// <summary>The picture that is measured and judged: without them if they are kept.</summary>
    public static Image Without(Image image, DenoiseRequest request) =>
        request.KeepsNonFinite ? MaskedDenoiser.WithoutNonFinite(image).Image : image;

    /// <summary>A result with the samples of the picture where it has none.</summary>
    public static Image FilledFrom(Image picture, Image result) =>
        result.With([.. result.Planes.Zip(picture.Planes, Filled)]);

    private static Plane Filled(Plane result, Plane picture) =>
        Plane.Create(result.Width, result.Height, (result, picture), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = float.IsFinite(from.result.Samples[i]) ? from.result.Samples[i] : from.picture.Samples[i];
            }
        });

    /// <summary>The method, kept from them where they are kept.</summary>
    public static IDenoiser Around(IDenoiser denoiser, DenoiseRequest request) => request.KeepsNonFinite
        ? MaskedDenoiser.OfNonFinite(denoiser, leavesOutAreas: request.Method.ModelsNoise)
        : denoiser;

    /// <summary>What is said of them; null where there are none.</summary>
    public static string? Warning(long missing) =>
        missing == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture, $"{missing} samples are NaN or infinite: they were left as they are");
}
