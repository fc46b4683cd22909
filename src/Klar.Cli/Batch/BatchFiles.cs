using System.Globalization;
using System.IO.Enumeration;

namespace Klar.Cli.Batch;

/// <summary>A file of a batch, and where its result goes.</summary>
/// <param name="Input">The file.</param>
/// <param name="Output">The file to write.</param>
/// <param name="Scene">Which of its images; null for the only one.</param>
internal sealed record BatchFile(string Input, string Output, int? Scene = null);

/// <summary>From a folder or a list to the files of a batch, in an order that does not depend on the machine.</summary>
internal static class BatchFiles
{
    /// <summary>The images of a folder and of those below it, results in the same sub-folders.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">The folder of results; if it lies in the other, what it holds is no input.</param>
    /// <param name="include">Patterns of which one must fit the name or the path below the folder; empty: all.</param>
    /// <param name="exclude">Patterns of which none may.</param>
    /// <param name="recursive">Whether folders below are looked into.</param>
    /// <exception cref="UserErrorException">There is no such folder, or no image in it.</exception>
    /// <param name="unreadable">Takes the folders that cannot be read.</param>
    public static IReadOnlyList<BatchFile> OfFolder(
        string folder, string output, IReadOnlyCollection<string> include, IReadOnlyCollection<string> exclude,
        bool recursive, ICollection<Outcome> unreadable)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException(ExitCode.Failed, $"{folder}: no such folder");
        }

        // Results may go into the folder itself or above it; only where they have one of their own below, what it holds
        // is no input.
        string real = OutputRights.RealFolder(folder), results = OutputRights.RealFolder(output);
        bool below = results.StartsWith(real + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        (IReadOnlyList<string> images, IReadOnlyList<(string Folder, string Reason)> closed) =
            FolderWalk.Of(folder, recursive, below ? results : null);
        foreach ((string name, string reason) in closed)
        {
            unreadable.Add(new Outcome.Failed(name, reason, ExitCode.Failed));
        }

        string[] found =
        [
            .. EarlierResults.RemovedFrom(images)
                .Select(file => Path.GetRelativePath(folder, file))
                .Where(file => (include.Count == 0 || include.Any(pattern => Fits(pattern, file)))
                    && !exclude.Any(pattern => Fits(pattern, file)))
                .Order(StringComparer.Ordinal),
        ];
        return found.Length == 0 && closed.Count == 0
            ? throw new UserErrorException(ExitCode.NoInput, $"{folder}: no image there")
            : Distinct([.. found.Select(file => new BatchFile(
                Path.Combine(folder, file),
                OutputFile.Named(file, Path.Combine(output, Path.GetDirectoryName(file) ?? string.Empty))))]);
    }

    /// <summary>
    /// The files that a list names, one in a line; empty lines and lines with # in front do not count. Behind a tab may
    /// stand the file to write, and behind another one the number of the image in the file.
    /// </summary>
    /// <exception cref="UserErrorException">It names none, or two whose results would be the same file.</exception>
    public static IReadOnlyList<BatchFile> OfList(string list, string output)
    {
        string[] lines;
        try
        {
            lines = [.. File.ReadAllLines(list).Select(static line => line.Trim()).Where(
                static line => line.Length > 0 && line[0] != '#')];
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            throw new UserErrorException(ExitCode.Failed, $"{list}: {Outcome.OneLine(failure)}");
        }

        return lines.Length == 0
            ? throw new UserErrorException(ExitCode.NoInput, $"{list}: it names no file")
            : Distinct([.. lines.Select(line => OfLine(line, output))]);
    }

    /// <summary>The line of a list that names a file, its result and its image.</summary>
    public static string Line(BatchFile file)
    {
        string scene = file.Scene is { } number ? $"\t{number.ToString(CultureInfo.InvariantCulture)}" : string.Empty;
        return $"{Path.GetFullPath(file.Input)}\t{Path.GetFullPath(file.Output)}{scene}";
    }

    private static BatchFile OfLine(string line, string output) => line.Split('\t') switch
    {
        [var input, var made] => new BatchFile(input, made),
        [var input, var made, var scene] when IsNumber(scene, out int number) => new BatchFile(input, made, number),
        _ => new BatchFile(line, OutputFile.Named(line, Path.Combine(output, FolderOf(line)))),
    };

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Every <paramref name="of"/>-th file, from <paramref name="shard"/> on.</summary>
    public static IReadOnlyList<BatchFile> Shard(IReadOnlyList<BatchFile> files, int shard, int of) =>
        [.. files.Where((_, i) => i % of == shard)];

    /// <summary>The folder below the results': that of the line, where it leads down from here.</summary>
    private static string FolderOf(string line)
    {
        string folder = Path.GetDirectoryName(line) ?? string.Empty;
        return Path.IsPathRooted(line) || folder.Split(Path.DirectorySeparatorChar).Contains("..")
            ? string.Empty
            : folder;
    }

    private static bool Fits(string pattern, string file) =>
        FileSystemName.MatchesSimpleExpression(
            pattern, pattern.Contains('/', StringComparison.Ordinal) ? file : Path.GetFileName(file),
            ignoreCase: false);

    /// <summary>Refuses two results of one name.</summary>
    /// <exception cref="UserErrorException">Two results would be the same file.</exception>
    public static IReadOnlyList<BatchFile> Distinct(IReadOnlyList<BatchFile> files) =>
        files.GroupBy(static file => OutputRights.RealPath(file.Output), Paths)
            .FirstOrDefault(static same => same.Count() > 1) is { } twice
            ? throw UserErrorException.Usage(
                $"{string.Join(" and ", twice.Select(static file => file.Input))} would both be written to {twice.Key}")
            : files;

    /// <summary>
    /// Refuses a result that would replace the input of another, which may not have been read by then.
    /// </summary>
    /// <param name="files">What is written; a file may be there several times, once with each of its outputs.</param>
    /// <exception cref="UserErrorException">A result would replace an input other than its own.</exception>
    public static void RefuseReplacedInputs(IReadOnlyList<BatchFile> files)
    {
        HashSet<string> inputs = new(files.Select(static file => OutputRights.RealPath(file.Input)), Paths);
        foreach (BatchFile file in files)
        {
            string output = OutputRights.RealPath(file.Output);
            if (inputs.Contains(output) && !Paths.Equals(output, OutputRights.RealPath(file.Input)))
            {
                throw UserErrorException.Usage(
                    $"{file.Output} is an input of this run, and the result of {file.Input} would replace it");
            }
        }
    }

    /// <summary>Most disks of Windows and macOS take X.tif and x.tif for one file.</summary>
    private static StringComparer Paths =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparer.OrdinalIgnoreCase
            : StringComparer.Ordinal;
}
