using System.IO.Enumeration;
using Klar.Formats;

namespace Klar.Cli;

/// <summary>From what stands on the command line to files.</summary>
internal static class InputFiles
{
    private static readonly string[] Companions = ["_residual", "_uncertainty"];

    /// <summary>
    /// Files as they are named; the images of folders; the matches of patterns. In the order of their names. In folders and patterns hidden files and results of an
    /// earlier run beside what they were made from are not meant; where <paramref name="leftOut"/> is given, neither are such files that are named, as a shell's
    /// <c>*.tif</c> names them all.
    /// </summary>
    /// <param name="arguments">What stands on the command line.</param>
    /// <param name="leftOut">Gets a line for each file that is named and not taken; null to take them.</param>
    /// <exception cref="ExpectedTroubleException">A folder or pattern held no image.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> arguments, Action<string>? leftOut = null)
    {
        var files = new List<string>();
        foreach (string argument in arguments)
        {
            bool pattern = !File.Exists(argument) && argument.AsSpan().IndexOfAny('*', '?') >= 0;
            if (!pattern && ImageFile.IsImageFolder(argument))
            {
                files.Add(Path.TrimEndingDirectorySeparator(argument));
                continue;
            }

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
                    .Where(static file => !Path.GetFileName(file).StartsWith('.') && !IsCompanion(file))
                    .Order(StringComparer.Ordinal)]
                : [];
            found = [.. WithoutResults(found)];
            if (found.Length == 0)
            {
                throw new ExpectedTroubleException(ExitCode.NoInput, $"{argument}: no image there");
            }

            files.AddRange(found);
        }

        if (leftOut is null)
        {
            return files;
        }

        IReadOnlyList<string> wantedFiles = [.. WithoutResults(files).Where(file => files.Count == 1 || !Path.GetFileName(file).StartsWith("._", StringComparison.Ordinal))];
        foreach (string file in files.Except(wantedFiles))
        {
            leftOut($"{file}: left out, it is {(Path.GetFileName(file).StartsWith('.') ? "a hidden file of macOS" : "the result of another of the files")}");
        }

        return wantedFiles;
    }

    /// <summary>Files without results of an earlier run whose input is among them.</summary>
    public static IEnumerable<string> WithoutResults(IReadOnlyCollection<string> files)
    {
        HashSet<string> all = [.. files.Select(Path.GetFullPath)];
        return files.Where(file => SidecarFile.SourceOf(file) is not { } source
            || !(all.Contains(Path.GetFullPath(source)) || all.Contains(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(source)))));
    }

    /// <summary>Whether it stands beside a result of Klar's: what was taken out, or how far pixels may be off.</summary>
    public static bool IsCompanion(string file)
    {
        string stem = FileName.Stem(file);
        string? result = Companions.FirstOrDefault(suffix => stem.EndsWith(suffix, StringComparison.Ordinal)) is { } companion ? stem[..^companion.Length] : null;
        return result is not null && SidecarFile.IsResult(Path.Combine(Path.GetDirectoryName(file) ?? string.Empty, result + FileName.Extension(file)));
    }
}
