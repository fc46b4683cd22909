using Klar.Cli.Batch;
using Klar.Formats;
using Klar.Formats.Denoising;

namespace Klar.Cli;

/// <summary>
/// What a run may replace: without <c>--overwrite</c> nothing that is there, and with <c>--resume</c> only files that
/// Klar wrote and nobody changed since, as their SHA-256 in the sidecar says, or in the lock of a run that was killed
/// before it came to its sidecar.
/// </summary>
internal static class OutputRights
{
    /// <exception cref="UserErrorException">A file is in the way.</exception>
    public static void Refuse(
        string input, string output, IEnumerable<string> beside, FileLock own, bool overwrite, bool resume,
        CancellationToken cancel)
    {
        if (overwrite)
        {
            return;
        }

        if (FileName.IsThere(output) && RealPath(input) == RealPath(output))
        {
            throw Exists($"{output} is the input itself (--overwrite replaces it)");
        }

        Sidecar? sidecar = SidecarFile.Read(output);
        if (sidecar is null && File.Exists(SidecarFile.NameOf(output)))
        {
            throw Exists($"{SidecarFile.NameOf(output)} exists and is no file of Klar's (--overwrite replaces it)");
        }

        foreach (string file in beside.Prepend(output).Where(FileName.IsThere))
        {
            if (!resume)
            {
                throw Exists($"{file} exists (--overwrite replaces it)");
            }

            if (!IsOwn(file, output, sidecar, own, cancel))
            {
                throw Exists($"{file} exists and is not what Klar wrote there (--overwrite replaces it)");
            }
        }
    }

    /// <summary>Refuses a result in the folder that is its input, which would be another image with it.</summary>
    /// <exception cref="UserErrorException">It is there.</exception>
    public static void RefuseInside(string input, string output)
    {
        if (Directory.Exists(input)
            && RealPath(output).StartsWith(RealFolder(input) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw UserErrorException.Usage($"{output} would be a file inside of the input");
        }
    }

    /// <summary>Whether a file is there, by its own name and not by a link, with that SHA-256.</summary>
    public static bool Is(string file, string? sha256) =>
        sha256 is not null
            && FileName.IsThere(file)
            && new FileInfo(file).LinkTarget is null
            && Convert.ToHexStringLower(FileHash.Of(file)) == sha256;

    /// <summary>The file that a name leads to, through links.</summary>
    public static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) is { } above && Directory.Exists(above)
            ? RealFolder(above)
            : Path.GetDirectoryName(full)!;
        string real = Path.Combine(folder, Path.GetFileName(full));
        return new FileInfo(real).LinkTarget is null
            ? real
            : RealPath(File.ResolveLinkTarget(real, returnFinalTarget: true)!.FullName);
    }

    /// <summary>The folder that a name leads to, through links anywhere on the way.</summary>
    public static string RealFolder(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } above)
        {
            return full;
        }

        string real = Path.Combine(RealFolder(above), Path.GetFileName(full));
        return new DirectoryInfo(real).LinkTarget is null
            ? real
            : RealFolder(Directory.ResolveLinkTarget(real, returnFinalTarget: true)!.FullName);
    }

    private static bool IsOwn(
        string file, string output, Sidecar? sidecar, FileLock own, CancellationToken cancel)
    {
        // A sidecar of the first edition knows no sums: it speaks for its output alone.
        if (sidecar is { Outputs: null } && file == output)
        {
            return true;
        }

        string name = Path.GetFileName(file), sha256 = Convert.ToHexStringLower(FileHash.Of(file, cancel));
        return sidecar?.Outputs?.GetValueOrDefault(name) == sha256 || own.Written.GetValueOrDefault(name) == sha256;
    }

    private static UserErrorException Exists(string message) => new(ExitCode.OutputExists, message);
}
