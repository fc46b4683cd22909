using System.Globalization;
using Klar.Formats;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>Pages that follow each other, on which methods are judged page by page and across pages.</summary>
/// <param name="Set">The set's name: <see cref="Sequences"/> or <see cref="Frames"/>.</param>
/// <param name="Name">The sequence's name in it.</param>
/// <param name="Noise">The noise that is added, or <see cref="QualityPicture.Real"/>.</param>
/// <param name="Load">Reads the clean pages and the noisy ones.</param>
internal sealed record QualitySequence(
    string Set, string Name, string Noise, Func<(IReadOnlyList<Image> Clean, IReadOnlyList<Image> Noisy)> Load)
{
    /// <summary>Twelve pages of moving cells, moving vesicles and a stack of slices, with noise added.</summary>
    public const string Sequences = "sequences";

    /// <summary>Four real frames of each of some scenes at rest.</summary>
    public const string Frames = "frames";

    private const int Pages = 12;
    private const int FramesOfScene = 4;

    // Cut off at either end of a real stack's range, which becomes 0 to 1.
    private const double OutlierShare = 0.001;

    private static readonly SampleScale Unit = new(0, 1, Bounded: false);

    // File, first page, from one page of the channel to the next.
    private static readonly (string Name, string File, int First, int Step)[] Stacks =
    [
        ("cells_t", "stacks/imagej/cancer_cell_migration_crop.tif", 0, 1),
        ("golgi_t", "stacks/imagej/xyt_calibrated_16bit__golgi_bfa_sum_projection.tif", 0, 1),
        ("dna_z", "stacks/imagej/xyzc_16bit__dna_conf_wf.tif", 24, 2),
    ];

    /// <summary>Whether a set is one of sequences.</summary>
    public static bool Is(string set) => set is Sequences or Frames;

    /// <summary>The sequences of a set.</summary>
    /// <exception cref="DirectoryNotFoundException">The set is not there.</exception>
    public static IEnumerable<QualitySequence> Of(
        string dataFolder, string set, IReadOnlyList<string> noises, bool clip, RunSettings run) => set == Frames
        ? OfFrames(dataFolder)
        : Stacks.SelectMany(_ => noises, (stack, noise) => new QualitySequence(set, stack.Name, noise, () =>
        {
            IReadOnlyList<Image> clean = Clean(Path.Combine(dataFolder, stack.File), stack.First, stack.Step);
            var model = NoiseModel.Parse(noise);
            return (clean, [.. clean.Select((page, i) =>
                model.AddTo(page, clip, run with { Seed = (1000 * run.Seed) + (ulong)i }))]);
        }));

    private static IEnumerable<QualitySequence> OfFrames(string dataFolder)
    {
        string folder = Path.Combine(dataFolder, "pairs", "frames");
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"there is no set '{Frames}': no folder {folder}");
        }

        return Directory.EnumerateFiles(folder, "*.clean.png").Order(StringComparer.Ordinal).Select(file =>
        {
            string stem = file[..^".clean.png".Length];
            return new QualitySequence(Frames, Path.GetFileName(stem), QualityPicture.Real, () =>
            {
                Image clean = ImageFile.Read(file).Image;
                return (
                    [.. Enumerable.Repeat(clean, FramesOfScene)],
                    [.. Enumerable.Range(1, FramesOfScene).Select(frame => ImageFile.Read(string.Create(
                        CultureInfo.InvariantCulture, $"{stem}.t{frame}.noisy.png")).Image)]);
            });
        });
    }

    /// <summary>Pages of a real stack, mapped to 0 to 1, of even sides.</summary>
    private static Image[] Clean(string file, int first, int step)
    {
        using ImageStack stack = ImageStack.Open(file);
        int[] numbers = [.. Enumerable.Range(0, Pages).Select(page => first + (step * page))];
        SampleScale scale = stack.Scale(numbers);
        Plane[] planes = [.. numbers.Select(page => stack.Read(page, scale).Image.Planes[0])];
        float[] sorted = [.. planes.SelectMany(static plane => plane.Samples.ToArray()).Order()];
        int edge = (int)(OutlierShare * sorted.Length);
        (float low, float high) = (sorted[edge], sorted[^(1 + edge)]);
        return [.. planes.Select(plane => new Image(
            [
                Plane.Create(plane.Width, plane.Height, (plane, low, high), static (to, from) =>
                {
                    for (int i = 0; i < to.Length; i++)
                    {
                        to[i] = Math.Clamp((from.plane.Samples[i] - from.low) / (from.high - from.low), 0, 1);
                    }
                }).Crop(0, 0, plane.Width / 2 * 2, plane.Height / 2 * 2),
            ],
            Unit))];
    }
}
