using Klar.Formats;

namespace Klar.Cli;

/// <summary>Names of outputs, and the rule that nothing is replaced unasked.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Where the result of <paramref name="input"/> goes: the file or folder that was asked for, or else beside the input
    /// as <c>stem_denoised.ext</c>.
    /// </summary>
    public static string For(string input, string? asked, bool severalInputs)
    {
        if (asked is null)
        {
            return Named(input, Path.GetDirectoryName(input) ?? string.Empty);
        }

        bool folder = severalInputs || Directory.Exists(asked) || asked.EndsWith('/');
        return folder ? Named(input, asked) : asked;
    }

    /// <summary>
    /// <c>stem_denoised.ext</c> in a folder; where Klar reads the input's format and does not write it, <c>.ome.tif</c>
    /// for those of microscopes and <c>.tif</c> for all others.
    /// </summary>
    public static string Named(string input, string folder) =>
        Path.Combine(folder, $"{FileName.Stem(input)}_denoised{ExtensionFor(input)}");

    private static string ExtensionFor(string input) => ImageFile.BecomesOmeTiff(input) ? ".ome.tif"
        : ImageFile.CanHold(input, SampleType.UInt8) ? FileName.Extension(input)
        : ".tif";

    /// <exception cref="ExpectedTroubleException">The file exists and was not to be overwritten.</exception>
    public static void RefuseExisting(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new ExpectedTroubleException(ExitCode.OutputExists, $"{path} exists (--overwrite replaces it)");
        }
    }

    /// <summary>
    /// Refuses an output that would destroy something: the input itself, a file that Klar did not make (<c>--resume</c> replaces only what it made), or another
    /// program's file where the sidecar goes.
    /// </summary>
    /// <exception cref="ExpectedTroubleException">There is such a file, and it was not to be overwritten.</exception>
    public static void RefuseLoss(string input, string output, bool overwrite, bool resume)
    {
        if (overwrite)
        {
            return;
        }

        if (File.Exists(output) && Real(output) == Real(input))
        {
            throw new ExpectedTroubleException(ExitCode.OutputExists, $"{output} is the input itself (--overwrite replaces it)");
        }

        if (File.Exists(output) && resume && !SidecarFile.IsResult(output))
        {
            throw new ExpectedTroubleException(ExitCode.OutputExists, $"{output} exists and was not made by klar (--overwrite replaces it)");
        }

        RefuseExisting(output, resume);
        if (SidecarFile.IsTaken(output))
        {
            throw new ExpectedTroubleException(ExitCode.OutputExists, $"{output}.json exists and was not made by klar: it is where the result's sidecar goes (--overwrite replaces it)");
        }
    }

    /// <summary>The file that a path leads to, through links.</summary>
    private static string Real(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);

    /// <summary>Makes the folder of an output where it is missing.</summary>
    public static void MakeFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }
}
