using System.Text.Json.Serialization;

namespace Klar.Reports;

/// <summary>
/// One line of a comparison: a method on an image with a noise. The noisy image is the method <c>noisy</c>.
/// </summary>
/// <param name="Image">The image as it was named.</param>
/// <param name="Noise">The noise exactly as it was given; null where the image brought its own.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Psnr">In dB; null where result and reference are equal.</param>
/// <param name="Ssim">Structural similarity; null where a side is below 11 pixels.</param>
/// <param name="Seconds">Wall time of the method, estimation included, files not.</param>
/// <param name="SigmaEstimated">
/// σ that the method found, in 255ths of white; null where given or of no use to it.
/// </param>
/// <param name="Warnings">What the method warned of.</param>
public sealed record ComparisonRow(
    string Image,
    string? Noise,
    string Method,
    double? Psnr,
    double? Ssim,
    double Seconds,
    double? SigmaEstimated,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Without ground truth: the PSNR that is to be expected, in dB; null where the truth was there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EstimatedPsnr { get; init; }

    /// <summary>The seed of noise and method, where the comparison was repeated with several; null else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Seed { get; init; }
}
