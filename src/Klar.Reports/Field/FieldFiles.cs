namespace Klar.Reports.Field;

/// <summary>The cells of the field bench that differ in how the file stores the picture.</summary>
internal static class FieldFiles
{
    /// <summary>The number of the first of these cells.</summary>
    public const int First = 1000;

    // Of the range above the offset, as an exposure is chosen.
    private const double Exposure = 0.8;

    private static readonly int[] Sides = [64, 128, 256, 512, 1024];
    private static readonly double[] Coverages = [0.05, 0.2, 0.5, 1];
    private static readonly double[] PhotonCounts = [20, 60, 200, 600];
    private static readonly double[] Offsets = [0, 0.05, 0.12];
    private static readonly double[] ReadNoises = [0.002, 0.01, 0.03, 0.06];
    private static readonly int[] Qualities = [50, 60, 75, 85, 90, 95];

    // What JPEG compresses is noise of one level; photon noise is small beside it, as in f15 of shared/data/field.
    private const double JpegPhotons = 2000;
    private const double JpegOffset = 30.0 / 255;

    /// <summary>The greatest value that the file holds; of floats about that.</summary>
    public static double White(FieldFile file) => file switch
    {
        FieldFile.Bits10 => 1023,
        FieldFile.Bits12 => 4095,
        FieldFile.Bits14 => 16383,
        FieldFile.Bits16 => 65535,
        FieldFile.Float => 1,
        _ => 255,
    };

    /// <summary>The cell of that number: the kinds of file follow each other, all else is drawn.</summary>
    public static FieldSituation Number(int number, int largest)
    {
#pragma warning disable CA5394 // the same situation for the same number
        var dice = new Random(7919 * (number + 1));
        T One<T>(T[] of) => of[dice.Next(of.Length)];
        FieldFile[] files = Enum.GetValues<FieldFile>();
        FieldFile file = files[(number - First) % files.Length];
        bool isJpeg = file == FieldFile.Jpeg;
        int[] sides = [.. Sides.Where(side => side <= largest)];
        FieldTexture texture = One(Enum.GetValues<FieldTexture>());
        (int side, double covered, double photons) =
            (One(sides), One(Coverages), isJpeg ? JpegPhotons : One(PhotonCounts));
        (double offset, double read, int quality) = (One(Offsets), One(ReadNoises), One(Qualities));
#pragma warning restore CA5394
        offset = isJpeg ? JpegOffset : offset;
        double white = White(file);
        return new FieldSituation(
            texture, side, covered, Exposure * (1 - offset) * white / photons, read * white, offset * white, photons,
            FieldExtra.None, number)
        {
            File = file,
            Quality = isJpeg ? quality : 0,
        };
    }
}
