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

    private FileLock(FileStream file) => _file = file;

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

            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss}Z\n")));
            file.Flush();
            return new FileLock(file);
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

    private static string OwnerOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
