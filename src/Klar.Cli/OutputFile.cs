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
        string name = $"{FileName.Stem(input)}_denoised{FileName.Extension(input)}";
        if (asked is null)
        {
            return Path.Combine(Path.GetDirectoryName(input) ?? string.Empty, name);
        }

        bool folder = severalInputs || Directory.Exists(asked) || asked.EndsWith('/');
        return folder ? Path.Combine(asked, name) : asked;
    }

    /// <exception cref="ExpectedTroubleException">The file exists and was not to be overwritten.</exception>
    public static void RefuseExisting(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new ExpectedTroubleException(ExitCode.OutputExists, $"{path} exists (--overwrite replaces it)");
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
