using System.IO.Enumeration;

namespace Klar.Cli;

/// <summary>From what stands on the command line to files.</summary>
internal static class InputFiles
{
    /// <summary>Files as they are named; the images of folders; the matches of patterns. In the order of their names.</summary>
    /// <param name="arguments">What was named.</param>
    /// <param name="unreadable">Takes folders that cannot be read; null refuses them.</param>
    /// <exception cref="ExpectedTroubleException">A folder or pattern held no image.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> arguments, ICollection<Outcome>? unreadable = null)
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
            (IReadOnlyList<string> all, IReadOnlyList<(string Folder, string Reason)> closed) = Directory.Exists(folder) ? FolderWalk.Of(folder, recursive: false) : ([], []);
            foreach ((string name, string reason) in closed)
            {
                if (unreadable is null)
                {
                    throw new ExpectedTroubleException(ExitCode.Failed, $"{name}: {reason}");
                }

                unreadable.Add(new Outcome.Failed(name, reason, ExitCode.Failed));
            }

            string[] found = [.. all.Where(file => FileSystemName.MatchesSimpleExpression(wanted, Path.GetFileName(file), ignoreCase: false)).Order(StringComparer.Ordinal)];
            if (found.Length == 0 && closed.Count == 0)
            {
                throw new ExpectedTroubleException(ExitCode.NoInput, $"{argument}: no image there{(Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(EarlierResults.Is) ? " but results of Klar's: name the files to denoise them again" : string.Empty)}");
            }

            files.AddRange(found);
        }

        return files;
    }
}
