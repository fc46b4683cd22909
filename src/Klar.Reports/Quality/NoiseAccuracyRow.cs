using System.Globalization;

namespace Klar.Reports.Quality;

/// <summary>One measurement of noise of known parameters.</summary>
/// <param name="Case">What was done to the image, <c>gaussian:25 clipped</c> for example.</param>
/// <param name="Set">The image's set.</param>
/// <param name="Image">Its name in it.</param>
/// <param name="Seed">Seed of the noise.</param>
/// <param name="Quantity"><c>sigma</c> (255ths of white), <c>gain</c> (255ths a photon) or <c>lag1</c>.</param>
/// <param name="Truth">What it is; for a level with the image's own noise, as measured without any added.</param>
/// <param name="Measured">What the estimator says.</param>
/// <param name="Confidence">The estimator's, 0 to 1.</param>
public sealed record NoiseAccuracyRow(
    string Case, string Set, string Image, ulong Seed, string Quantity, double Truth, double Measured,
    double Confidence)
{
    /// <summary>The first line of a CSV file of rows.</summary>
    public const string Header = "case,set,image,seed,quantity,truth,measured,confidence";

    /// <summary>Measured less truth: of the truth for a level or a gain, as it is for a correlation.</summary>
    public double Error => Quantity == "lag1" ? Measured - Truth : (Measured - Truth) / Truth;

    /// <summary>The row as a line of the file.</summary>
    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Case},{Set},{Image},{Seed},{Quantity},{Truth:G6},{Measured:G6},{Confidence:F2}");
}
