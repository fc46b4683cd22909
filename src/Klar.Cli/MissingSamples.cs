using System.CommandLine;
using System.Globalization;
using Klar.Imaging;
using Klar.Noise;

namespace Klar.Cli;

/// <summary>Samples that are NaN or infinite: refused, or left as they are with a picture around them.</summary>
internal static class MissingSamples
{
    /// <summary>What is done with them.</summary>
    public static Option<string> Option { get; } = new("--nan")
    {
        Description = "Pixels that are NaN or infinite: refuse the file, or keep them and denoise around them",
        HelpName = "refuse|keep",
        DefaultValueFactory = static _ => "refuse",
    };

    /// <summary>Whether they are kept.</summary>
    /// <exception cref="ExpectedTroubleException">The option makes no sense.</exception>
    public static bool AreKept(ParseResult parsed) => parsed.GetValue(Option) switch
    {
        "keep" => true,
        "refuse" or null => false,
        var other => throw ExpectedTroubleException.Usage($"--nan {other}: it takes refuse or keep"),
    };

    /// <summary>Whether any sample is NaN or infinite.</summary>
    public static bool AreIn(Image image) => image.Planes.Any(static plane =>
    {
        foreach (float sample in plane.Samples)
        {
            if (!float.IsFinite(sample))
            {
                return true;
            }
        }

        return false;
    });

    /// <summary>
    /// The picture that is measured and judged: without them if they are kept, and how many there are.
    /// </summary>
    public static (Image Picture, int Missing) Without(Image image, ParseResult parsed) =>
        AreKept(parsed) ? MaskedDenoiser.WithoutNonFinite(image) : (image, 0);

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
    /// <param name="denoiser">The method.</param>
    /// <param name="modelsNoise">Whether it models noise.</param>
    /// <param name="parsed">The command line.</param>
    public static IDenoiser Around(IDenoiser denoiser, bool modelsNoise, ParseResult parsed) =>
        AreKept(parsed) ? MaskedDenoiser.OfNonFinite(denoiser, modelsNoise) : denoiser;

    /// <summary>What is said of them; null where there are none.</summary>
    public static string? Warning(long missing) =>
        missing == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture, $"{missing} samples are NaN or infinite: they were left as they are");
}
