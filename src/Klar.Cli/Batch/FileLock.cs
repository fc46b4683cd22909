using System.Globalization;
using System.Text;
using Klar.Formats;

namespace Klar.Cli.Batch;

/// <summary>
/// Keeps two runs from making the same file at once: a file beside the output that one process holds open, with its
/// owner in it. When the process ends, however it does, the system lets go of it, so that a lock without a living
/// owner holds nobody up.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file, IReadOnlyDictionary<string, string> written) =>
        (_file, Written) = (file, written);

    /// <summary>
    /// Files that a run which was killed had written without coming to its sidecar, with their SHA-256: what was left
    /// of its lock says so.
    /// </summary>
    public IReadOnlyDictionary<string, string> Written { get; }

    /// <summary>Notes what is about to get its name, so that after a sudden end it is known to be Klar's own.</summary>
    public void Note(string file, string sha256)
    {
        // From now on the next run needs it.
        AtomicFile.MarkFinished(_file.Name);
        _file.Write(Encoding.UTF8.GetBytes($"{sha256}  {Path.GetFileName(file)}\n"));
        _file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// The lock of an output; null if another process has it, who then is in <paramref name="owner"/>.
    /// </summary>
    public static FileLock? Take(string output, out string owner)
    {
        string path = output + ".klar-lock";
        owner = string.Empty;
        var file = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 256);
        try
        {
            if (!ExclusiveLock.TryTake(file))
            {
                owner = OwnerOf(path) ?? "another process";
                file.Dispose();
                return null;
            }

            Dictionary<string, string> written = WrittenBefore(file);
            string ownLine = OwnLine();
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(ownLine + "\n"));
            file.Flush();
            if (!File.Exists(path) || (OwnerOf(path) is { } named && named != ownLine))
            {
                // Its owner deleted it between our opening and our locking: we hold a file without a name, and under
                // its name there may be another's by now.
                file.Dispose();
                return Take(output, out owner);
            }

            var own = new FileLock(file, written);
            AtomicFile.MarkUnfinished(file.Name);
            foreach ((string name, string sha256) in written)
            {
                own.Note(name, sha256);
            }

            return own;
        }
        catch
        {
            // There was no room for its owner's name perhaps.
            File.Delete(path);
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Deleted while it is held: who opened it before finds another file there, or none, and starts again.
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Its folder is gone, or closed: what was made, or why it was not, is what matters.
        }

        AtomicFile.MarkFinished(_file.Name);
        _file.Dispose();
    }

    private static string OwnLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName}, process {Environment.ProcessId}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss}Z "
        + $"({Guid.NewGuid().ToString("N")[..8]})");

    private static Dictionary<string, string> WrittenBefore(FileStream file)
    {
        const int HashLength = 64;
        var written = new Dictionary<string, string>();
        using var reader = new StreamReader(file, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > HashLength + 2 && line.Take(HashLength).All(char.IsAsciiHexDigitLower))
            {
                written[line[(HashLength + 2)..]] = line[..HashLength];
            }
        }

        return written;
    }

    /// <summary>Who has a lock; null where it cannot be read.</summary>
    private static string? OwnerOf(string path)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadLine()?.Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
