using System.Collections.Concurrent;
using System.Text.Json;
using Klar.Formats;
using Klar.Web.Safety;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Files;

/// <summary>The files that the page knows, in the database, and the uploads among them on the disk.</summary>
internal sealed class FileStore
{
    private const string Table = "files";
    private const string Unfinished = ".part";

    // What must stay free beside an upload.
    private const long Spare = 256L << 20;

    private readonly ServerSettings _settings;
    private readonly StateFolder _state;
    private readonly Database _database;
    private readonly RootFolders _roots;
    private readonly Broadcast _broadcast;
    private readonly ConcurrentDictionary<string, StoredFile> _files = new();
    private int _uploads;

    public FileStore(
        ServerSettings settings, StateFolder state, Database database, RootFolders roots, Broadcast broadcast)
    {
        (_settings, _state, _database, _roots, _broadcast) = (settings, state, database, roots, broadcast);
        foreach (StoredFile file in database.All(Table).Select(static document => JsonSerializer.Deserialize(document, WebJson.Default.StoredFile)!))
        {
            _files[file.Id] = file;
        }

        _uploads = _files.Values.Count(static file => file.Origin == FileOrigin.Upload);
        RemoveLeftovers();
    }

    /// <summary>Uploads and files of roots, the newest first.</summary>
    public IReadOnlyList<FileView> Inputs => [.. _files.Values.Where(static file => file.Origin != FileOrigin.Job).OrderByDescending(static file => file.Added).Select(static file => file.View)];

    /// <summary>Whether it is known.</summary>
    public bool Has(string id) => _files.ContainsKey(id);

    /// <summary>The file of that number.</summary>
    /// <exception cref="RequestException">There is none, or it is out of reach by now.</exception>
    public StoredFile Find(string id)
    {
        StoredFile file = _files.GetValueOrDefault(id) ?? throw RequestException.NotFound("there is no such file");
        string path = file.Origin == FileOrigin.Root ? _roots.Within(file.Path) : file.Path;
        return FileName.IsThere(path)
            ? file with { Path = path }
            : throw RequestException.NotFound($"{file.Name} is gone");
    }

    /// <summary>Takes an upload in, piece by piece to the disk.</summary>
    public Task<StoredFile> Upload(string name, long? announced, Stream body, CancellationToken cancel)
    {
        RefuseTooMuch(announced ?? 0);
        return Take(name, path => Receive(body, path, cancel));
    }

    /// <summary>Takes a file in that somebody writes; one that does not come to its end leaves nothing.</summary>
    public async Task<StoredFile> Take(string name, Func<string, Task> write)
    {
        if (Interlocked.Increment(ref _uploads) > _settings.MaxFiles)
        {
            Interlocked.Decrement(ref _uploads);
            throw new RequestException(
                StatusCodes.Status507InsufficientStorage,
                $"there are {_settings.MaxFiles} uploads already: remove some (--max-files)");
        }

        string id = NewId(), folder = _state.OfFile(id), safe = SafeName.Of(name), path = Path.Combine(folder, safe);
        try
        {
            Directory.CreateDirectory(folder);
            await write(path + Unfinished).ConfigureAwait(false);
            File.Move(path + Unfinished, path);
        }
        catch
        {
            Interlocked.Decrement(ref _uploads);
            Directory.Delete(folder, recursive: true);
            throw;
        }

        return Added(new StoredFile(id, safe, path, FileOrigin.Upload, new FileInfo(path).Length, DateTimeOffset.UtcNow, null, null));
    }

    /// <summary>A file below a root.</summary>
    public StoredFile Open(string path)
    {
        string real = _roots.Within(path);
        if (!FileName.IsThere(real))
        {
            throw RequestException.NotFound("there is no such file");
        }

        StoredFile? known = _files.Values.FirstOrDefault(file =>
            file.Origin == FileOrigin.Root && file.Path == real && file.SceneOf is null);
        var fresh = new StoredFile(
            known?.Id ?? NewId(), Path.GetFileName(real), real, FileOrigin.Root, SizeOf(real), DateTimeOffset.UtcNow,
            null, null);
        return Added(fresh);
    }

    /// <summary>
    /// Another image of a file, as a file of its own; of an upload by a link, which is gone with the upload.
    /// </summary>
    /// <exception cref="RequestException">The file does not hold it.</exception>
    public StoredFile OfScene(StoredFile file, int scene)
    {
        string of = file.SceneOf ?? file.Id;
        if (file.Image?.Scenes?.Any(one => one.Scene == scene) != true)
        {
            throw RequestException.NotFound("there is no such image in the file");
        }

        StoredFile? known = _files.Values.FirstOrDefault(
            one => (one.Id == of || one.SceneOf == of) && one.Scene == scene);
        if (known is not null)
        {
            return known;
        }

        StoredFile other = file with { Id = NewId(), Scene = scene, SceneOf = of, Image = null, Failure = null };
        if (file.Origin != FileOrigin.Upload)
        {
            return Added(other);
        }

        string folder = _state.OfFile(other.Id), link = Path.Combine(folder, file.Name);
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(link, file.Path);
        Interlocked.Increment(ref _uploads);
        return Added(other with { Path = link });
    }

    /// <summary>What a job made.</summary>
    public StoredFile OfJob(string path, string name) => Added(new StoredFile(NewId(), name, path, FileOrigin.Job, new FileInfo(path).Length, DateTimeOffset.UtcNow, null, null));

    /// <summary>Keeps what was found out about a file.</summary>
    public StoredFile Added(StoredFile file)
    {
        _files[file.Id] = file;
        _database.Put(Table, file.Id, JsonSerializer.Serialize(file, WebJson.Default.StoredFile));
        if (file.Origin != FileOrigin.Job && (file.Image is not null || file.Failure is not null))
        {
            _broadcast.Send(new Notice { File = file.View });
        }

        return file;
    }

    /// <summary>Forgets a file; what lies in this server's own folder goes with it, a user's file stays.</summary>
    public void Remove(string id)
    {
        if (!_files.TryRemove(id, out StoredFile? file))
        {
            throw RequestException.NotFound("there is no such file");
        }

        _database.Remove(Table, id);
        _broadcast.Send(new Notice { RemovedFile = id });
        if (file.Origin == FileOrigin.Upload)
        {
            Interlocked.Decrement(ref _uploads);
            string folder = _state.OfFile(id);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string NewId() => Entropy.Hexadecimal(12);

    private async Task Receive(Stream body, string path, CancellationToken cancel)
    {
        await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        byte[] buffer = new byte[1 << 18];
        long received = 0;
        while (await body.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int read)
        {
            received += read;
            RefuseTooMuch(received);
            await file.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
        }

        if (received == 0)
        {
            throw RequestException.Bad("the file is empty");
        }
    }

    /// <summary>Bytes of a file; 0 for a folder that is an image.</summary>
    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private void RefuseTooMuch(long bytes)
    {
        if (bytes > _settings.MaxUpload)
        {
            throw new RequestException(
                StatusCodes.Status413PayloadTooLarge,
                $"a file may have {_settings.MaxUpload >> 20} MB at most (--max-upload)");
        }

        if (bytes > 0 && new DriveInfo(_state.Folder).AvailableFreeSpace < Spare)
        {
            throw new RequestException(StatusCodes.Status507InsufficientStorage, "the disk is full");
        }
    }

    /// <summary>Uploads that a kill cut off.</summary>
    private void RemoveLeftovers()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetDirectoryName(_state.OfFile("x"))!).Where(folder => !_files.ContainsKey(Path.GetFileName(folder))))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
