using Klar.Formats;

namespace Klar.Web;

/// <summary>
/// The folder that keeps what must survive the server: uploads, results, and the database that lists them. One server
/// has it at a time.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(string folder, FileStream @lock) => (Folder, _lock) = (folder, @lock);

    public string Folder { get; }

    public string Database => Path.Combine(Folder, "klar.db");

    /// <summary>The folder of an upload.</summary>
    public string OfFile(string id) => Path.Combine(Folder, "files", id);

    /// <summary>The folder of a job.</summary>
    public string OfJob(long id) => Path.Combine(Folder, "jobs", $"{id}");

    /// <exception cref="IOException">Another server has it, or it cannot be written to.</exception>
    public static StateFolder Open(string folder)
    {
        string full = Path.GetFullPath(folder);
        Directory.CreateDirectory(Path.Combine(full, "files"));
        Directory.CreateDirectory(Path.Combine(full, "jobs"));
        try
        {
            return new StateFolder(full, Locked(Path.Combine(full, "lock")));
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new IOException($"{full} is in use by another klar serve (--state takes another folder)", failure);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Locked(string path)
    {
        var file = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (ExclusiveLock.TryTake(file))
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"{path} is locked");
    }
}
