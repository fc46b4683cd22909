using System.CommandLine;
using System.Globalization;
using Klar.Formats;

namespace Klar.Cli.Batch;

/// <summary>What <c>--scene</c> makes of the files of a batch.</summary>
internal static class BatchScenes
{
    /// <summary>
    /// Files with the image that is asked for; with <c>--scene all</c> an entry for each image of a file that holds
    /// several.
    /// </summary>
    public static IReadOnlyList<BatchFile> Of(IReadOnlyList<BatchFile> files, ParseResult parsed) =>
        SceneChoice.IsAll(parsed)
        ? [.. files.SelectMany(All)]
        : parsed.GetValue(SceneChoice.Dataset) is not null
            ? [.. files.Select(file => file with { Scene = file.Scene ?? Named(file.Input, parsed) })]
        : SceneChoice.Number(parsed) is { } scene
            ? [.. files.Select(file => file with { Scene = file.Scene ?? scene })]
            : files;

    /// <summary>
    /// The dataset's number; none where the file does not open or has none, which its own turn will say.
    /// </summary>
    private static int? Named(string file, ParseResult parsed)
    {
        try
        {
            return SceneChoice.In(file, parsed);
        }
        catch (Exception failure) when (Outcome.IsExpected(failure) && failure is not UserErrorException)
        {
            return null;
        }
    }

    private static IEnumerable<BatchFile> All(BatchFile file)
    {
        int count = file.Scene is null && ImageFile.BecomesOmeTiff(file.Input) ? CountOf(file.Input) : 1;
        return count == 1
            ? [file]
            : Enumerable.Range(0, count)
                .Select(scene => file with { Output = Named(file.Output, scene), Scene = scene });
    }

    /// <summary>Images of a file; one where it does not open, which its own turn will say.</summary>
    private static int CountOf(string file)
    {
        try
        {
            return ImageStack.Scenes(file).Count;
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            return 1;
        }
    }

    /// <summary><c>stem_scene2_denoised.ext</c></summary>
    private static string Named(string output, int scene)
    {
        const string Suffix = "_denoised";
        string stem = FileName.Stem(output);
        string number = string.Create(CultureInfo.InvariantCulture, $"_scene{scene}");
        string name = stem.EndsWith(Suffix, StringComparison.Ordinal)
            ? stem[..^Suffix.Length] + number + Suffix
            : stem + number;
        return Path.Combine(Path.GetDirectoryName(output) ?? string.Empty, name + FileName.Extension(output));
    }
}
