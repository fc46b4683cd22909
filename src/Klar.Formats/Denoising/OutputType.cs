using System.Globalization;
using Klar.Noise;

namespace Klar.Formats.Denoising;

/// <summary>The sample type that a result is written in.</summary>
/// <param name="Type">The type.</param>
/// <param name="Warning">Why it is not the file's own, or why that is too coarse; null for nothing.</param>
internal sealed record OutputType(SampleType Type, string? Warning = null)
{
    // Rounding to whole numbers adds noise of 0.29 grey levels: as much as denoising leaves of one level of noise.
    private const double CoarseSigma = 1;

    // Floats over so small a range would be rounded to next to nothing.
    private const double MinLevels = 16;

    // Of a range this much wider than that of whole numbers hardly a value is within it.
    private const double MaxRange = 1 << 20;

    /// <summary>The type that is asked for; null where nothing is, or the file's own.</summary>
    public static SampleType? Asked(DenoiseRequest request) => request.OutputType switch
    {
        OutputTypeChoice.Float => SampleType.Float32,
        OutputTypeChoice.UInt16 => SampleType.UInt16,
        _ => null,
    };

    /// <summary>Whether the noise must be known to decide.</summary>
    public static bool DependsOnNoise(DenoiseRequest request, ImageFileInfo info) =>
        request.OutputType == OutputTypeChoice.Auto
        && info is { Channels: 1, SampleType: not (SampleType.Float32 or SampleType.Float64) }
        && !request.Method.KeepsSampleValues;

    /// <summary>Decides.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="info">The file that was read.</param>
    /// <param name="scale">The scale of its samples.</param>
    /// <param name="noises">The noise of its channels, where <see cref="DependsOnNoise"/>; empty else.</param>
    /// <exception cref="BadImageFileException">The type that is asked for cannot hold the values.</exception>
    public static OutputType Of(
        DenoiseRequest request, string output, ImageFileInfo info, SampleScale scale,
        IEnumerable<NoiseEstimate> noises)
    {
        if (Asked(request) is { } asked)
        {
            return asked == SampleType.UInt16 && scale is { Bounded: false, Range: < MinLevels or > MaxRange }
                ? throw new BadImageFileException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"its values lie between {scale.Black:G4} and {scale.White:G4}: "
                    + $"as whole numbers (--output-type uint16) little would be left of them"))
                : new OutputType(asked);
        }

        double[] coarse =
        [
            .. noises.Where(static noise => noise.Kind is not (NoiseKind.None or NoiseKind.Impulsive))
                .Select(noise => noise.Sigma * scale.Range)
                .Where(static sigma => sigma < CoarseSigma),
        ];
        if (coarse.Length == 0)
        {
            return new OutputType(info.SampleType);
        }

        string own = info.SampleType.ToString().ToLowerInvariant();
        string noise = string.Create(CultureInfo.InvariantCulture, $"its noise is {coarse.Min():G2} grey levels");
        return ImageFile.CanHold(output, SampleType.Float32)
            ? new OutputType(
                SampleType.Float32, $"{noise}: the result is written as 32-bit floats (--output-type same keeps {own})")
            : new OutputType(info.SampleType, $"{noise}, and is rounded to whole ones: a TIFF file holds floats");
    }
}
