using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Jobs;

/// <summary>All jobs, in memory and in the database, and those who watch them.</summary>
internal sealed class JobStore
{
    private const string Table = "jobs";

    private readonly Database _database;
    private readonly ConcurrentDictionary<long, Job> _jobs = new();
    private readonly ConcurrentDictionary<Channel<JobNews>, bool> _watchers = new();
    private readonly Lock _lock = new();

    /// <summary>Jobs that were running when the server ended are said to be cut off.</summary>
    public JobStore(Database database)
    {
        _database = database;
        foreach (string document in database.All(Table).Where(static document => document.Length > 0))
        {
            Job job = JsonSerializer.Deserialize(document, WebJson.Default.Job)!;
            _jobs[job.Id] = job;
            if (job.State == JobState.Running)
            {
                Put(job with { State = JobState.CutOff, Trouble = "the server ended before the job did" });
            }
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Job> All => [.. _jobs.Values.OrderByDescending(static job => job.Id)];

    /// <summary>The one that waits longest; null where none waits.</summary>
    public Job? Next => _jobs.Values.Where(static job => job.State == JobState.Queued).MinBy(static job => job.Id);

    public long NewId() => _database.NewKey(Table);

    public bool Has(long id) => _jobs.ContainsKey(id);

    public Job Find(long id) => _jobs.GetValueOrDefault(id) ?? throw RequestException.NotFound("there is no such job");

    /// <summary>Changes a job if it is still as <paramref name="when"/> wants it; returns it as it is then.</summary>
    public Job Change(long id, Func<Job, bool> when, Func<Job, Job> change)
    {
        lock (_lock)
        {
            Job job = Find(id);
            return when(job) ? Put(change(job)) : job;
        }
    }

    /// <summary>Keeps a job as it is now, and tells of it.</summary>
    public Job Put(Job job)
    {
        _jobs[job.Id] = job;
        _database.Put(Table, job.Id, JsonSerializer.Serialize(job, WebJson.Default.Job));
        Tell(new JobNews(job, null));
        return job;
    }

    /// <summary>Tells of progress, which is not worth writing down.</summary>
    public void Progress(Job job)
    {
        lock (_lock)
        {
            if (_jobs.ContainsKey(job.Id))
            {
                _jobs[job.Id] = job;
                Tell(new JobNews(job, null));
            }
        }
    }

    /// <summary>Forgets a job; returns it as it was.</summary>
    /// <exception cref="RequestException">There is none, or it is running.</exception>
    public Job Remove(long id)
    {
        lock (_lock)
        {
            Job job = Find(id);
            if (job.State == JobState.Running)
            {
                throw new RequestException(StatusCodes.Status409Conflict, "the job is running: cancel it first");
            }

            _jobs.TryRemove(id, out _);
            _database.Remove(Table, id);
            Tell(new JobNews(null, id));
            return job;
        }
    }

    /// <summary>All that happens from now on, until the reader goes; one that does not keep up misses the oldest.</summary>
    public async IAsyncEnumerable<JobNews> Watch([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<JobNews>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers[channel] = true;
        try
        {
            foreach (Job job in _jobs.Values.OrderBy(static job => job.Id))
            {
                yield return new JobNews(job, null);
            }

            await foreach (JobNews news in channel.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                yield return news;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    private void Tell(JobNews news)
    {
        foreach (Channel<JobNews> watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(news);
        }
    }
}

/// <summary>A job as it is now, or the number of one that is gone.</summary>
internal sealed record JobNews(Job? Job, long? Removed);
