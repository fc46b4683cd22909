using System.Globalization;
using Klar.Noise;

namespace Klar.Reports.Field;

/// <summary>
/// What came out in one cell of the field bench. PSNR in dB over the picture's own range; null where it was not run.
/// </summary>
/// <param name="Number">The situation's number.</param>
/// <param name="Situation">The situation.</param>
/// <param name="Gain">Measured, grey levels a photon.</param>
/// <param name="ReadNoise">Measured, grey levels.</param>
/// <param name="Offset">Measured, grey levels.</param>
/// <param name="FloorSigma">σ at the true offset, as the measured line has it.</param>
/// <param name="Confidence">Stated.</param>
/// <param name="Kind">What the noise was taken for.</param>
/// <param name="Input">PSNR of the input.</param>
/// <param name="BestBlur">PSNR of the best Gaussian blur of 0.5 to 3 px.</param>
/// <param name="Blind">PSNR of the method, nothing told.</param>
/// <param name="Known">PSNR of the method that is given the true noise.</param>
/// <param name="Why">What the method says of its choice.</param>
public sealed record FieldRow(
    int Number, FieldSituation Situation, double Gain, double ReadNoise, double Offset, double FloorSigma,
    double Confidence, NoiseKind Kind,
    double? Input, double? BestBlur, double? Blind, double? Known, string Why)
{
    /// <summary>
    /// Whether the file came back as it was; null where the method was not run, or had something to do.
    /// </summary>
    public bool? IsLeftAlone { get; init; }

    /// <summary>How well gain and read noise could be known.</summary>
    public required NoiseLimit Limit { get; init; }

    /// <summary>Whether the picture shows the gain well enough to be judged by.</summary>
    public bool ShowsGain => IsOfCamera && Limit.Gain < MaxLimit;

    /// <summary>Whether the picture shows the read noise well enough to be judged by.</summary>
    public bool ShowsReadNoise => IsOfCamera && Situation.ReadNoise > 0 && Limit.Floor < MaxLimit;

    // A third of the 20 % that is asked for.
    private const double MaxLimit = 0.07;

    /// <summary>The first line of a CSV file of rows.</summary>
    public const string Header = "number,texture,side,covered,extra,photons,true gain,gain,true read,read,floor sigma,"
        + "true offset,offset,confidence,kind,input,blur,blind,known,file,quality,left alone,"
        + "gain limit,floor limit,why";

    /// <summary>How far the result is behind the better of input and best blur; below 0 where it is ahead.</summary>
    public double? Behind => Math.Max(Input ?? 0, BestBlur ?? 0) - Blind;

    /// <summary>How far it is behind the same method that is given the true noise; null where it was not run.</summary>
    public double? BehindKnown => Known - Blind;

    /// <summary>The gain's error, relative to the true one.</summary>
    public double GainError => Math.Abs((Gain / Situation.Gain) - 1);

    /// <summary>The error of the noise without light, relative to the true one with that of rounding.</summary>
    public double FloorError => Math.Abs((FloorSigma / TrueFloor) - 1);

    /// <summary>Whether photon noise is at least half of the read noise where the picture is brightest.</summary>
    public bool IsIdentifiable =>
        IsOfCamera && Situation.Photons * Situation.Gain * Situation.Gain >= 0.25 * TrueFloor * TrueFloor;

    /// <summary>Whether the noise in the file is that of the camera, which has a gain and read noise.</summary>
    public bool IsOfCamera => Situation.File < FieldFile.Jpeg;

    private double TrueFloor => Situation.Truth.ReadNoise!.Value;

    /// <summary>The row as a line of the file.</summary>
    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Number},{Situation.Texture},{Situation.Side},{Situation.Covered},{Situation.Extra},{Situation.Photons},"
        + $"{Situation.Gain:G6},{Gain:G4},{Situation.ReadNoise:G6},{ReadNoise:G4},{FloorSigma:G4},"
        + $"{Situation.Offset:G6},{Offset:G5},{Confidence:F2},{Kind},"
        + $"{Input:F2},{BestBlur:F2},{Blind:F2},{Known:F2},"
        + $"{Situation.File},{Situation.Quality},{IsLeftAlone},"
        + $"{Limit.Gain:G3},{Limit.Floor:G3},\"{Why}\"");
}
