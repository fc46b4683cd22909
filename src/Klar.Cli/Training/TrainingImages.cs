using System.Text;
using Klar.Formats;
using Klar.Formats.Denoising;

namespace Klar.Cli.Training;

/// <summary>What a model is trained on, read from files.</summary>
/// <param name="cancel">Ends the reading.</param>
internal sealed class TrainingImages(CancellationToken cancel)
{
    private readonly List<string> _hashes = [];
    private readonly List<string> _failures = [];
    private long _bytes;

    /// <summary>A text that stands for the content of all files that were read.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(Sha256.Of(Encoding.UTF8.GetBytes(string.Join('\n', _hashes))));

    /// <summary>Files that could not be read.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Every page of every file; a file that cannot be read is a line, and left out.</summary>
    /// <exception cref="UserErrorException">None can be read, or they are too many for the memory.</exception>
    public IReadOnlyList<Image> Of(IReadOnlyList<string> files)
    {
        Image[] images = [.. files.SelectMany(file => Try(file, () => Pages(file)) ?? [])];
        return images.Length > 0
            ? SameColour(images)
            : throw new UserErrorException(ExitCode.Failed, "no image could be read");
    }

    /// <summary>Two takes of each scene: files of the same name in two folders.</summary>
    /// <exception cref="UserErrorException">They do not go together.</exception>
    public IReadOnlyList<(Image First, Image Second)> Pairs(string firstFolder, string secondFolder, Terminal terminal)
    {
        foreach (string folder in (string[])[firstFolder, secondFolder])
        {
            if (!Directory.Exists(folder))
            {
                throw new UserErrorException(ExitCode.Failed, $"{folder}: there is no such folder");
            }
        }

        (IReadOnlyList<string> first, IReadOnlyList<string> second) =
            (InputFiles.Of([firstFolder]), InputFiles.Of([secondFolder]));
        Dictionary<string, string> partners = second.ToDictionary(static file => Path.GetFileName(file));
        bool named = first.All(file => partners.ContainsKey(Path.GetFileName(file)));
        if (!named && first.Count != second.Count)
        {
            throw new UserErrorException(
                ExitCode.Failed,
                $"{firstFolder} has {first.Count} images and {secondFolder} {second.Count}, of other names: "
                + "which go together?");
        }

        if (!named)
        {
            terminal.Say($"names differ: images are paired in their order, {Path.GetFileName(first[0])} with "
                + $"{Path.GetFileName(second[0])} and so on");
        }

        var pairs = new List<(Image, Image)>();
        for (int i = 0; i < first.Count; i++)
        {
            string partner = named ? partners[Path.GetFileName(first[i])] : second[i];
            if (Try(first[i], () => Pages(first[i])) is not { } one
                || Try(partner, () => Pages(partner)) is not { } other)
            {
                continue;
            }

            if (one.Count != other.Count || one.Zip(other).Any(
                static pair => (pair.First.Width, pair.First.Height) != (pair.Second.Width, pair.Second.Height)))
            {
                throw new UserErrorException(
                    ExitCode.Failed,
                    $"{first[i]} and {partner} differ in size or pages: they are no takes of one scene");
            }

            pairs.AddRange(one.Zip(other));
        }

        _ = pairs.Count > 0
            ? SameColour([.. pairs.SelectMany(static pair => (Image[])[pair.Item1, pair.Item2])])
            : throw new UserErrorException(ExitCode.Failed, "no pair could be read");
        return pairs;
    }

    /// <summary>Frames that follow each other in a stack, in each of its slices and channels.</summary>
    /// <exception cref="UserErrorException">It has no frames.</exception>
    public IReadOnlyList<(Image First, Image Second)> Frames(string file, string? named)
    {
        _hashes.Add(Convert.ToHexStringLower(FileHash.Of(file, cancel)));
        using ImageStack stack = ImageStack.Open(file, cancel: cancel);
        StackAxes axes = PageSelection.Axes(stack, named);

        // Pages of which nothing is known are what the user says they are: frames.
        char time = axes.IsUnknown ? StackAxes.Unknown : 'T';
        if (axes.SizeOf(time) < 2)
        {
            throw new UserErrorException(
                ExitCode.Failed,
                $"{file} has no frames that follow each other ({(axes.Pages > 1 ? axes : "one page")}; "
                + "--axes names its axes)");
        }

        SampleScale scale = stack.Scale(Enumerable.Range(0, stack.Pages));
        Image[] pages = [.. Enumerable.Range(0, stack.Pages).Select(page => Counted(stack.Read(page, scale).Image))];
        return
        [
            .. Enumerable.Range(0, stack.Pages)
                .GroupBy(page => (axes.PlaceOf(page, 'Z'), axes.PlaceOf(page, 'C')))
                .Select(group => group.OrderBy(page => axes.PlaceOf(page, time)).ToArray())
                .SelectMany(frames => frames.Zip(frames.Skip(1), (one, next) => (pages[one], pages[next]))),
        ];
    }

    private static Image[] SameColour(Image[] images) =>
        images.All(image => image.Planes.Count == images[0].Planes.Count)
        ? images
        : throw new UserErrorException(
            ExitCode.Failed, "some of the images are grey and some in colour: train a model for each kind");

    private List<Image> Pages(string file)
    {
        _hashes.Add(Convert.ToHexStringLower(FileHash.Of(file, cancel)));
        using ImageStack stack = ImageStack.Open(file, cancel: cancel);
        SampleScale scale = stack.Scale(Enumerable.Range(0, stack.Pages));
        return [.. Enumerable.Range(0, stack.Pages).Select(page => Counted(stack.Read(page, scale).Image))];
    }

    private Image Counted(Image image)
    {
        // As they are read, and as the network sees them.
        _bytes += 2L * sizeof(float) * image.Width * image.Height * image.Planes.Count;
        long most = MachineMemory.Limit / 2;
        return _bytes <= most
            ? image
            : throw new UserErrorException(
                ExitCode.Failed, $"the images take more than {MemoryPlan.Text(most)} of memory: name fewer");
    }

    private List<Image>? Try(string file, Func<List<Image>> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            _failures.Add(file);
            Terminal.Error($"{file}: {Outcome.OneLine(failure)}");
            return null;
        }
    }
}
