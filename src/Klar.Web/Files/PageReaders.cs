using Klar.Web.Programs;

namespace Klar.Web.Files;

/// <summary>The processes that keep files open: those of the files looked at last, for as long as somebody looks.</summary>
internal sealed class PageReaders(ServerSettings settings) : IDisposable
{
    private const int MaxReaders = 4;

    // A crash of a process that sat idle, or the end that it came to meanwhile, is no failure of the request.
    private const int MaxTries = 2;

    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private bool _isOver;

    /// <summary>Sends the bytes of an answer to <paramref name="output"/>.</summary>
    public async Task<KlarProgram.Ended> Ask(
        StoredFile file, string request, Stream output, TimeSpan limit, CancellationToken cancel)
    {
        for (int tries = 1; ; tries++)
        {
            Entry entry = Taken(file);
            bool wasFresh = entry.Answers == 0;
            KlarProgram.Ended ended;
            try
            {
                ended = await entry.Reader.Ask(request, output, limit, cancel).ConfigureAwait(false);
            }
            finally
            {
                Release(entry);
            }

            if (!entry.Reader.IsOver || wasFresh || tries == MaxTries)
            {
                return ended;
            }
        }
    }

    /// <summary>Starts the process that will be asked in a moment.</summary>
    public void Warm(StoredFile file) => Release(Taken(file));

    /// <summary>Lets go of a file that is to be removed.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            if (_entries.Remove(id, out Entry? entry))
            {
                entry.Drop();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (Entry entry in _entries.Values)
            {
                entry.Drop();
            }

            _entries.Clear();
        }
    }

    /// <summary>The process of a file, a new one where it has none, or where the file is another by now.</summary>
    private Entry Taken(StoredFile file)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            DateTime changed = ChangeOf(file.Path);
            if (_entries.TryGetValue(file.Id, out Entry? known) && (known.Reader.IsOver || known.Changed != changed))
            {
                _entries.Remove(file.Id);
                known.Drop();
                known = null;
            }

            Entry entry = known ?? new Entry(new PageReader(settings.Program, file, settings.State), changed);
            _entries[file.Id] = entry;
            entry.Users++;
            while (_entries.Count > MaxReaders
                && _entries.Where(static one => one.Value.Users == 0).OrderBy(static one => one.Value.Used).ToArray() is [var oldest, ..])
            {
                _entries.Remove(oldest.Key);
                oldest.Value.Drop();
            }

            return entry;
        }
    }

    private void Release(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            entry.Answers++;
            entry.Used = Environment.TickCount64;
        }

        _ = CloseWhenIdle();
    }

    private async Task CloseWhenIdle()
    {
        await Task.Delay(MaxIdle).ConfigureAwait(false);
        lock (_lock)
        {
            long last = Environment.TickCount64 - (long)MaxIdle.TotalMilliseconds + 1000;
            foreach ((string id, Entry entry) in _entries.Where(one => one.Value.Users == 0 && one.Value.Used < last).ToArray())
            {
                _entries.Remove(id);
                entry.Drop();
            }
        }
    }

    private static DateTime ChangeOf(string path) =>
        Directory.Exists(path) ? Directory.GetLastWriteTimeUtc(path) : File.GetLastWriteTimeUtc(path);

    private sealed class Entry(PageReader reader, DateTime changed)
    {
        public PageReader Reader { get; } = reader;

        public DateTime Changed { get; } = changed;

        public int Users { get; set; }

        public int Answers { get; set; }

        public long Used { get; set; }

        public void Drop() => Reader.Dispose();
    }
}
