using System.Globalization;
using Klar.Noise;

namespace Klar.Reports.Field;

/// <summary>What else a file has that ordinary files have.</summary>
public enum FieldExtra
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Three stuck pixels at the type's white.</summary>
    HotPixels,

    /// <summary>A burnt-in scale bar at the type's white.</summary>
    ScaleBar,

    /// <summary>Zeros beside the picture, as mosaics have.</summary>
    BlackBorder,

    /// <summary>A round field: the type's white outside.</summary>
    WhiteMask,

    /// <summary>A round field: zeros outside.</summary>
    BlackMask,
}

/// <summary>One cell of the field bench: a scene, a camera, and what ordinary files have beside.</summary>
/// <param name="Texture">What the scene shows.</param>
/// <param name="Side">Pixels across and down.</param>
/// <param name="Covered">About the share of the field that is not dark.</param>
/// <param name="Gain">Grey levels a photon.</param>
/// <param name="ReadNoise">In grey levels.</param>
/// <param name="Offset">In grey levels.</param>
/// <param name="Photons">At the brightest place.</param>
/// <param name="Extra">What else.</param>
/// <param name="Seed">Of scene and noise.</param>
public sealed record FieldSituation(
    FieldTexture Texture, int Side, double Covered, double Gain, double ReadNoise, double Offset, double Photons,
    FieldExtra Extra, int Seed)
{
    private const double CameraWhite = 65535;

    private static readonly int[] Sides = [64, 128, 256, 256, 512, 1024];
    private static readonly double[] Gains = [0.1, 0.5, 1, 2.2, 10, 50];
    private static readonly double[] ReadNoises = [0, 1, 2.5, 8, 20];
    private static readonly double[] Offsets = [0, 100, 1000];
    private static readonly double[] PhotonCounts = [0.3, 2, 5, 20, 60, 200, 600, 2000];
    private static readonly double[] Coverages = [0.01, 0.05, 0.2, 0.5, 1];

    /// <summary>How the picture is stored, or what it is instead.</summary>
    public FieldFile File { get; init; }

    /// <summary>The quality of <see cref="FieldFile.Jpeg"/>, 1 to 100.</summary>
    public int Quality { get; init; }

    /// <summary>Whether the only right thing to do is nothing.</summary>
    public bool IsToBeLeftAlone => File is FieldFile.Labels or FieldFile.Clean;

    /// <summary>
    /// Cells of the matrix, each value of each kind equally often in any long run of numbers. Texture, size and so on
    /// are drawn one by one, so that no two kinds go together by design. From 1000 on the kinds of file follow each
    /// other.
    /// </summary>
    public static FieldSituation Number(int number, int largest = 512)
    {
        if (number >= FieldFiles.First)
        {
            return FieldFiles.Number(number, largest);
        }

#pragma warning disable CA5394 // the same situation for the same number
        var dice = new Random(7919 * (number + 1));
        T One<T>(T[] of) => of[dice.Next(of.Length)];
        int[] sides = [.. Sides.Where(side => side <= largest)];
        return new FieldSituation(
            One(Enum.GetValues<FieldTexture>()), One(sides), One(Coverages), One(Gains), One(ReadNoises), One(Offsets),
            One(PhotonCounts),
            dice.Next(3) == 0 ? One(Enum.GetValues<FieldExtra>()) : FieldExtra.None, number);
#pragma warning restore CA5394
    }

    /// <summary>What the user knows who reads the data sheet.</summary>
    public KnownNoise Truth =>
        new() { Gain = Gain, ReadNoise = Math.Sqrt((ReadNoise * ReadNoise) + Rounding), Offset = Offset };

    private double Rounding => File == FieldFile.Float ? 0 : 1.0 / 12;

    /// <summary>
    /// The noisy file's image, in the scale that a reader would give it, what it would show without noise, and which
    /// samples are picture.
    /// </summary>
    public (Image Noisy, Image Expected, bool[] Picture) Make()
    {
        Image clean = FieldScene.Create(Side, Texture, Covered, Seed);

        // The camera counts in whole numbers; floats are those over its white.
        (double white, double unit) = (FieldFiles.White(File), File == FieldFile.Float ? CameraWhite : 1);
        var camera = new CameraNoise(
            (float)(Gain * unit), (float)(ReadNoise * unit), (float)(Offset * unit), (float)Photons);
        var run = new RunSettings { Seed = (ulong)Seed, Threads = 1 };
        float[] noisy = camera.AddTo(clean, clip: true, run).Planes[0].Samples.ToArray();
        float[] expected = camera.Expected(clean).Planes[0].Samples.ToArray();
        bool[] picture = new bool[noisy.Length];
        for (int i = 0; i < noisy.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            float? instead = Instead(x, y);
            picture[i] = instead is null;
            double grey = Math.Round((instead ?? noisy[i]) * CameraWhite) / unit;
            noisy[i] = File == FieldFile.Float ? (float)grey : (float)Math.Min(white, grey);
            expected[i] *= (float)(CameraWhite / unit);
            noisy[i] = File switch
            {
                // Six labels: the background and five of like brightness.
                FieldFile.Labels => MathF.Ceiling(5 * MathF.Round(clean.Planes[0].Samples[i], 2)),
                FieldFile.Clean => MathF.Round(expected[i]),
                _ => noisy[i],
            };
        }

        SampleScale scale = File switch
        {
            FieldFile.Float => new SampleScale(0, 1, Bounded: false),
            _ when white < 256 => SampleScale.EightBit,
            _ => SampleScale.OfIntegers(noisy.Min(), noisy.Max()),
        };
        Image file = Scaled(noisy, scale);
        return (
            File == FieldFile.Jpeg ? JpegCompression.Of(file.Planes[0], Quality) : file,
            IsToBeLeftAlone ? file : Scaled(expected, scale),
            picture);
    }

    /// <summary>Names the cell in a table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Texture} {Side} covered {Covered} gain {Gain:G4} read {ReadNoise:G4} offset {Offset:G4} photons {Photons} ")
        + (File == FieldFile.Bits16 ? $"{Extra}" : File == FieldFile.Jpeg ? $"{File} {Quality}" : $"{File}");

    private float? Instead(int x, int y)
    {
        double away = double.Hypot(x - (Side / 2.0), y - (Side / 2.0));
        return Extra switch
        {
            FieldExtra.HotPixels when (x, y) == (Side / 3, Side / 4)
                || (x, y) == (Side / 2, Side / 2)
                || (x, y) == (3, Side - 2) => 1,
            FieldExtra.ScaleBar when y >= 9 * Side / 10
                && y < (9 * Side / 10) + 5
                && x >= Side / 2
                && x < 9 * Side / 10 => 1,
            FieldExtra.BlackBorder when x < Side / 4 => 0,
            FieldExtra.WhiteMask when away > 0.45 * Side => 1,
            FieldExtra.BlackMask when away > 0.45 * Side => 0,
            _ => null,
        };
    }

    private Image Scaled(float[] grey, SampleScale scale) => new(
        Plane.Create(Side, Side, (grey, scale), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)((from.grey[i] - from.scale.Black) / from.scale.Range);
            }
        }),
        scale);
}
