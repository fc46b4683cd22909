using System.Globalization;
using System.Text;

namespace Klar.Cli.Batch;

/// <summary>
/// Keeps two runs from making the same file at once: a file beside the output that one process holds open, with its owner in it. When the process ends, however
/// it does, the system lets go of it, so that a lock without a living owner holds nobody up.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file, IReadOnlyDictionary<string, string> written) => (_file, Written) = (file, written);

    /// <summary>
    /// Files that a run which was killed had written without coming to its sidecar, with their SHA-256: what was left of its lock says so.
    /// </summary>
    public IReadOnlyDictionary<string, string> Written { get; }

    /// <summary>Notes what is about to get its name, so that after a sudden end it is known to be Klar's own.</summary>
    public void Note(string file, string sha256)
    {
        _file.Write(Encoding.UTF8.GetBytes($"{sha256}  {Path.GetFileName(file)}\n"));
        _file.Flush(flushToDisk: true);
    }

    /// <summary>The lock of an output; null if another process has it, who then is in <paramref name="owner"/>.</summary>
    public static FileLock? Take(string output, out string owner)
    {
        string path = output + ".klar-lock";
        owner = string.Empty;
        try
        {
            // A lock on the first byte lets others read who has it; macOS has none, and shuts the whole file.
            bool whole = OperatingSystem.IsMacOS();
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, whole ? FileShare.None : FileShare.ReadWrite | FileShare.Delete, 256);
            if (!whole)
            {
                Lock(file);
            }

            if (!File.Exists(path))
            {
                // The one who had it took it away between our opening and our locking: what we hold is no file any more.
                file.Dispose();
                return Take(output, out owner);
            }

            Dictionary<string, string> written = WrittenBefore(file);
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss}Z\n")));
            file.Flush();
            var own = new FileLock(file, written);
            foreach ((string name, string sha256) in written)
            {
                own.Note(name, sha256);
            }

            return own;
        }
        catch (IOException) when (File.Exists(path))
        {
            owner = OwnerOf(path);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Taken away while it is held: who opened it before finds no file there, and begins anew.
        File.Delete(_file.Name);
        _file.Dispose();
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("macos")]
    private static void Lock(FileStream file)
    {
        try
        {
            file.Lock(0, 1);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

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

    private static string OwnerOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadLine()?.Trim() ?? "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
