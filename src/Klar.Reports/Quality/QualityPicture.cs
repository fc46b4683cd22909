using Klar.Formats;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>A picture that methods are judged on: a clean one with noise added, or two takes of one scene.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Name">The picture's name in it.</param>
/// <param name="Noise">The noise that is added, or how the result is compared where the noise is real.</param>
/// <param name="Load">Reads the clean one and the noisy one.</param>
internal sealed record QualityPicture(string Set, string Name, string Noise, Func<(Image Clean, Image Noisy)> Load)
{
    /// <summary>Noise of real pairs.</summary>
    public const string Real = "real";

    /// <summary>Noise of real pairs of different exposure: results are compared after the best affine fit.</summary>
    public const string RealAffine = "real affine";

    private const string Pairs = "pairs/";
    private const int StudySide = 256;

    // The images of the study's table: DNA, two stains of cells, a plant's tissue, mitochondria.
    private static readonly string[] Study =
    [
        "clean/AS_09125_050116030001_D03f00d0.tif",
        "clean/AS_09125_050116030001_D03f00d2.tif",
        "clean/maize_clsm.tif",
        "pairs/fmd/Confocal_BPAE_B_1.clean.png",
    ];

    private static readonly string[] MicroscopyStems = ["AS_09125", "maize_clsm", "cell", "xy_16bit__rat"];

    // Takes of other exposure than their clean partners.
    private static readonly string[] OtherExposure = ["pairs/w2s", "pairs/nucleus"];

    /// <summary>
    /// The pictures of a set: a folder below <c>clean/</c>; <c>microscopy</c>, images of microscopes in <c>clean/</c>
    /// and the clean takes of
    /// <c>pairs/fmd</c>; <c>study</c>, four of them, 256 × 256;
    /// or <c>pairs/NAME</c>, pairs NAME.noisy and NAME.clean, whose noise is real.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such set.</exception>
    public static IEnumerable<QualityPicture> Of(
        string dataFolder, string set, IReadOnlyList<string> noises, bool clip, RunSettings run)
    {
        if (set.StartsWith(Pairs, StringComparison.Ordinal))
        {
            return RealPairs(dataFolder, set);
        }

        bool study = set == "study";
        IEnumerable<string> files = set switch
        {
            "study" => Study.Select(file => Path.Combine(dataFolder, file)),
            "microscopy" => Microscopy(dataFolder),
            _ => Files(dataFolder, set, Path.Combine("clean", set)),
        };
        return files.SelectMany(_ => noises, (file, noise) => new QualityPicture(set, NameOf(file), noise, () =>
        {
            Image clean = study ? Centre(ImageFile.Read(file).Image) : ImageFile.Read(file).Image;
            return (clean, NoiseModel.Parse(noise).AddTo(clean, clip, run));
        }));
    }

    /// <summary>The result as it is compared to the clean picture.</summary>
    public Image Comparable(Image clean, Image result) =>
        Noise == RealAffine ? Metrics.AffineFit.Of(clean, result) : result;

    private static IEnumerable<QualityPicture> RealPairs(string dataFolder, string set) =>
        from noisy in Files(dataFolder, set, set)
        where NameOf(noisy).EndsWith(".noisy", StringComparison.Ordinal) && ImageFile.Info(noisy).Pages == 1
        from noise in OtherExposure.Contains(set) ? (string[])[Real, RealAffine] : [Real]
        select new QualityPicture(set, NameOf(noisy)[..^".noisy".Length], noise, () =>
        {
            Image clean = ImageFile.Read(noisy.Replace(".noisy.", ".clean.", StringComparison.Ordinal)).Image;

            // Fitted results need no common scale, and denoise best in the file's own.
            return (clean, ImageFile.Read(noisy, noise == RealAffine ? null : clean.Scale).Image);
        });

    private static IEnumerable<string> Microscopy(string dataFolder) =>
    [
        .. Files(dataFolder, "microscopy", "clean")
            .Where(static file => MicroscopyStems.Any(stem => NameOf(file).StartsWith(stem, StringComparison.Ordinal))),
        .. Files(dataFolder, "microscopy", "pairs/fmd")
            .Where(static file => NameOf(file).EndsWith(".clean", StringComparison.Ordinal)),
    ];

    private static IEnumerable<string> Files(string dataFolder, string set, string path)
    {
        string folder = Path.Combine(dataFolder, path);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            : throw new DirectoryNotFoundException($"there is no set '{set}': no folder {folder}");
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static Image Centre(Image image) =>
        image.Crop((image.Width - StudySide) / 2, (image.Height - StudySide) / 2, StudySide, StudySide);
}
