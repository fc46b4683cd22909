using System.Globalization;

namespace Klar.Reports.Quality;

/// <summary>One measurement of a measure of trust, where the truth is known.</summary>
/// <param name="Kind"><c>warning</c>, <c>uncertainty</c> or <c>ranking</c>.</param>
/// <param name="Image">The image.</param>
/// <param name="Case">What was done to it.</param>
/// <param name="Psnr">Of the result, in dB.</param>
/// <param name="First">
/// Warnings: how many there were. Uncertainty: the area of sparsification errors, 0 to 1. Ranking: Kendall's tau.
/// </param>
/// <param name="Second">
/// Warnings: by how many dB the result is below a good one. Uncertainty: the share of errors inside 2 σ. Ranking: dB
/// lost by taking the first.
/// </param>
public sealed record TrustRow(string Kind, string Image, string Case, double Psnr, double First, double Second)
{
    /// <summary>The first line of a CSV file of rows.</summary>
    public const string Header = "kind,image,case,psnr,first,second";

    /// <summary>The row as a line of the file.</summary>
    public string ToCsv() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind},{Image},{Case},{Psnr:F2},{First:F3},{Second:F3}");
}
