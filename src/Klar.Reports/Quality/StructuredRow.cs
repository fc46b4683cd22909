using System.Globalization;

namespace Klar.Reports.Quality;

/// <summary>What was made of an image with white noise and offsets of rows and columns.</summary>
/// <param name="Set">The image's set.</param>
/// <param name="Image">Its name in it.</param>
/// <param name="Noise">The white noise.</param>
/// <param name="Rows">σ of the offsets of rows that were added, relative to the white noise.</param>
/// <param name="Columns">The same of columns.</param>
/// <param name="FoundRows">What was found of the rows, in the same unit.</param>
/// <param name="FoundColumns">What was found of the columns.</param>
/// <param name="WhitePsnr">PSNR of the method on the white noise alone.</param>
/// <param name="Psnr">PSNR with the offsets, which are taken out first.</param>
/// <param name="OffPsnr">PSNR with the offsets left in.</param>
public sealed record StructuredRow(
    string Set, string Image, string Noise, double Rows, double Columns, double FoundRows, double FoundColumns,
    double WhitePsnr, double Psnr, double OffPsnr)
{
    /// <summary>The first line of a CSV file of rows.</summary>
    public const string Header =
        "set,image,noise,rows,columns,found_rows,found_columns,psnr_white,psnr_auto,psnr_off";

    /// <summary>Whether all offsets that are there were found, and none that are not.</summary>
    public bool IsRight => FoundRows > 0 == Rows > 0 && FoundColumns > 0 == Columns > 0;

    /// <summary>The row as a line of the file.</summary>
    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Set},{Image},{Noise},{Rows},{Columns},{FoundRows:F3},{FoundColumns:F3},")
        + string.Create(CultureInfo.InvariantCulture, $"{WhitePsnr:F3},{Psnr:F3},{OffPsnr:F3}");
}
