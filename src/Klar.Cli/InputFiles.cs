using System.IO.Enumeration;
using Klar.Formats;

namespace Klar.Cli;

/// <summary>From what stands on the command line to files.</summary>
internal static class InputFiles
{
    /// <summary>
    /// Files as they are named; the images of folders; the matches of patterns. In the order of their names. In folders
    /// and patterns hidden files and results of an earlier run beside what they were made from are no inputs; where
    /// <paramref name="leftOut"/> is given, neither are such files that are named, as a shell's <c>*.tif</c> names them
    /// all.
    /// </summary>
    /// <param name="arguments">What was named.</param>
    /// <param name="unreadable">Takes folders that cannot be read; null refuses them.</param>
    /// <param name="leftOut">Gets a line for each file that is named and not taken; null to take them.</param>
    /// <exception cref="UserErrorException">A folder or pattern held no image.</exception>
    public static IReadOnlyList<string> Of(
        IEnumerable<string> arguments, ICollection<Outcome>? unreadable = null, Action<string>? leftOut = null)
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

            string folder = pattern
                ? Path.GetDirectoryName(argument) is { Length: > 0 } parent ? parent : "."
                : argument;
            string wanted = pattern ? Path.GetFileName(argument) : "*";
            (IReadOnlyList<string> all, IReadOnlyList<(string Folder, string Reason)> closed) = Directory.Exists(folder)
                ? FolderWalk.Of(folder, recursive: false)
                : ([], []);
            foreach ((string name, string reason) in closed)
            {
                if (unreadable is null)
                {
                    throw new UserErrorException(ExitCode.Failed, $"{name}: {reason}");
                }

                unreadable.Add(new Outcome.Failed(name, reason, ExitCode.Failed));
            }

            string[] fitting =
            [
                .. all.Where(file => FileSystemName.MatchesSimpleExpression(
                    wanted, Path.GetFileName(file), ignoreCase: false)),
            ];
            string[] found = [.. EarlierResults.RemovedFrom(fitting).Order(StringComparer.Ordinal)];
            if (found.Length == 0 && closed.Count == 0)
            {
                bool hasCompanions =
                    Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(EarlierResults.IsCompanion);
                string but = hasCompanions ? " but residuals of Klar's: name the files to denoise them" : string.Empty;
                throw new UserErrorException(ExitCode.NoInput, $"{argument}: no image there{but}");
            }

            files.AddRange(found);
        }

        if (leftOut is null)
        {
            return files;
        }

        files = [.. FileSets.WithoutParts(
            files, (file, first) => leftOut($"{file}: left out, it is a part of {Path.GetFileName(first)}"))];
        string[] taken = [.. EarlierResults.RemovedFrom(files).Where(file => files.Count == 1 || !IsShadow(file))];
        foreach (string file in files.Except(taken))
        {
            string reason = IsShadow(file) ? "a hidden file of macOS" : "the result of another of the files";
            leftOut($"{file}: left out, it is {reason}");
        }

        return taken;
    }

    private static bool IsShadow(string file) => Path.GetFileName(file).StartsWith("._", StringComparison.Ordinal);
}
