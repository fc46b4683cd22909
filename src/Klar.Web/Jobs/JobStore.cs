using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Jobs;

/// <summary>All jobs, in memory and in the database, and those who watch them.</summary>
internal sealed class JobStore
{
    private const string Table = "jobs";

    private readonly Database _database;
    private readonly ConcurrentDictionary<long, Job> _jobs = new();
    private readonly Broadcast _broadcast;
    private readonly Lock _lock = new();

    /// <summary>Jobs that were running when the server ended are said to be cut off.</summary>
    public JobStore(Database database, Broadcast broadcast)
    {
        (_database, _broadcast) = (database, broadcast);
        foreach (string document in database.All(Table).Where(static document => document.Length > 0))
        {
            Job job = JsonSerializer.Deserialize(document, WebJson.Default.Job)!;
            _jobs[job.Id] = job;
            if (job.State == JobState.Running)
            {
                Put(job with { State = JobState.CutOff, Failure = "the server ended before the job did" });
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
        _broadcast.Send(new Notice { Job = job });
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
                _broadcast.Send(new Notice { Job = job });
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
            _broadcast.Send(new Notice { RemovedJob = id });
            return job;
        }
    }
}
