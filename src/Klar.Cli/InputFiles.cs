using System.IO.Enumeration;
using Klar.Formats;

namespace Klar.Cli;

/// <summary>From what stands on the command line to files.</summary>
internal static class InputFiles
{
    private static readonly string[] Companions = ["_residual", "_uncertainty"];

    /// <summary>
    /// Files as they are named; the images of folders; the matches of patterns. In the order of their names. In folders and patterns neither hidden files nor
    /// results of an earlier run are meant.
    /// </summary>
    /// <exception cref="ExpectedTroubleException">A folder or pattern held no image.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> arguments)
    {
        var files = new List<string>();
        foreach (string argument in arguments)
        {
            bool pattern = !File.Exists(argument) && argument.AsSpan().IndexOfAny('*', '?') >= 0;
            if (!pattern && !Directory.Exists(argument))
            {
                files.Add(argument);
                continue;
            }

            string folder = pattern ? Path.GetDirectoryName(argument) is { Length: > 0 } parent ? parent : "." : argument;
            string wanted = pattern ? Path.GetFileName(argument) : "*";
            string[] found = Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder)
                    .Where(file => FileSystemName.MatchesSimpleExpression(wanted, Path.GetFileName(file), ignoreCase: false))
                    .Where(ImageFile.HasImageName)
                    .Where(static file => !Path.GetFileName(file).StartsWith('.') && !IsOfEarlierRun(file))
                    .Order(StringComparer.Ordinal)]
                : [];
            if (found.Length == 0)
            {
                throw new ExpectedTroubleException(ExitCode.NoInput, $"{argument}: no image there");
            }

            files.AddRange(found);
        }

        return files;
    }

    /// <summary>Whether Klar made the file, or what stands beside such a result.</summary>
    private static bool IsOfEarlierRun(string file)
    {
        string stem = FileName.Stem(file);
        string? result = Companions.FirstOrDefault(suffix => stem.EndsWith(suffix, StringComparison.Ordinal)) is { } companion ? stem[..^companion.Length] : null;
        return SidecarFile.IsResult(file)
            || (result is not null && SidecarFile.IsResult(Path.Combine(Path.GetDirectoryName(file) ?? string.Empty, result + FileName.Extension(file))));
    }
}
