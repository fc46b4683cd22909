using System.Globalization;

namespace Klar.Reports.Quality;

/// <summary>One measurement: a method on an image of a set with a noise.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Image">The image's name in it.</param>
/// <param name="Noise">The noise as it was given.</param>
/// <param name="Clip">Whether the noisy image was clipped to 0..1.</param>
/// <param name="Sigma"><c>given</c>, or <c>blind</c> where the method had to find the noise itself.</param>
/// <param name="Channels"><c>joint</c> or <c>separate</c>.</param>
/// <param name="Seed">Seed of noise and method.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Psnr">In dB; null for equal images.</param>
/// <param name="Ssim">Structural similarity.</param>
/// <param name="Seconds">Wall time of the method.</param>
public sealed record QualityRow(
    string Set, string Image, string Noise, bool Clip, string Sigma, string Channels, ulong Seed, string Method,
    double? Psnr, double? Ssim, double Seconds)
{
    /// <summary>The first line of a CSV file of rows.</summary>
    public const string Header = "set,image,noise,clip,sigma,channels,seed,method,psnr,ssim,seconds";

    private const int Fields = 11;

    /// <summary>What identifies the measurement: all but its results.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Set},{Image},{Noise},{(Clip ? "yes" : "no")},{Sigma},{Channels},{Seed},{Method}");

    /// <summary>The row as a line of the file.</summary>
    public string ToCsv() => string.Create(CultureInfo.InvariantCulture, $"{Key},{Psnr:F3},{Ssim:F4},{Seconds:F2}");

    /// <summary>Reads a line that <see cref="ToCsv"/> wrote.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static QualityRow Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        if (fields.Length != Fields)
        {
            throw new FormatException($"not a line of quality rows: '{line}'");
        }

        return new QualityRow(
            fields[0], fields[1], fields[2], fields[3] == "yes", fields[4], fields[5],
            ulong.Parse(fields[6], CultureInfo.InvariantCulture), fields[7],
            Number(fields[8]), Number(fields[9]), Number(fields[10]) ?? 0);
    }

    private static double? Number(string text) =>
        text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
