using Klar.Formats;

namespace Klar.Cli;

/// <summary>Names of outputs, and the rule that nothing is replaced unasked.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Where the result of <paramref name="input"/> goes: the file or folder that was asked for, or else beside the
    /// input as <c>stem_denoised.ext</c>.
    /// </summary>
    public static string For(string input, string? asked, bool severalInputs)
    {
        if (asked is null)
        {
            return Named(input, Path.GetDirectoryName(input) ?? string.Empty);
        }

        // OME-Zarr is a folder that is a file.
        bool isImage = ImageFile.IsFolderFormat(asked);
        bool folder = severalInputs || (!isImage && (Directory.Exists(asked) || asked.EndsWith('/')));
        return folder ? Named(input, asked) : isImage ? Path.TrimEndingDirectorySeparator(asked) : asked;
    }

    /// <summary>
    /// <c>stem_denoised.ext</c> in a folder; where Klar reads the input's format and does not write it, <c>.ome.tif</c>
    /// for those of microscopes and <c>.tif</c> for all others; <c>.ome.zarr</c> for OME-Zarr.
    /// </summary>
    public static string Named(string input, string folder) =>
        Path.Combine(folder, $"{FileName.Stem(input)}_denoised{ExtensionFor(input)}");

    private static string ExtensionFor(string input) => ImageFile.BecomesOmeZarr(input) ? ".ome.zarr"
        : ImageFile.BecomesOmeTiff(input) ? ".ome.tif"
        : ImageFile.CanHold(input, SampleType.UInt8) ? FileName.Extension(input)
        : ".tif";

    /// <exception cref="UserErrorException">The file exists and was not to be overwritten.</exception>
    public static void RefuseExisting(string path, bool overwrite)
    {
        if (!overwrite && FileName.IsThere(path))
        {
            throw new UserErrorException(ExitCode.OutputExists, $"{path} exists (--overwrite replaces it)");
        }
    }

    /// <summary>Makes the folder of an output where it is missing.</summary>
    public static void MakeFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }
}
