using System.Diagnostics;
using System.Text.Json;
using Klar.Reports;
using Klar.Web.Files;
using Klar.Web.Programs;
using Microsoft.Extensions.Hosting;

namespace Klar.Web.Jobs;

/// <summary>Runs jobs one after the other, each as a run of the program in a folder of its own.</summary>
internal sealed class JobQueue(
    JobStore jobs, FileStore files, StateFolder state, KlarProgram program, ModelFiles models, ServerSettings settings)
    : BackgroundService
{
    private readonly SemaphoreSlim _news = new(0);
    private readonly Lock _lock = new();
    private CancellationTokenSource? _running;
    private long _runningId;

    /// <summary>Puts a job at the end.</summary>
    /// <exception cref="RequestException">It makes no sense.</exception>
    public Job Add(JobKind kind, string fileId, JobSettings asked)
    {
        StoredFile file = files.Find(fileId);
        IReadOnlyList<string> arguments = JobArguments.Of(kind, asked, models);
        StoredFile? reference = asked.Reference is { } other ? files.Find(other) : null;
        if (kind == JobKind.Compare && reference is not null && asked.Noises.Count > 0)
        {
            throw RequestException.Bad("a comparison takes noise to add, or a clean picture of the same scene, not both");
        }

        IReadOnlyList<string> scene = kind == JobKind.Denoise ? file.SceneArguments : [];
        Job job = new()
        {
            Id = jobs.NewId(),
            Kind = kind,
            FileId = fileId,
            FileName = file.Name,
            Settings = asked,
            Created = DateTimeOffset.UtcNow,
            Command = CommandText.Of(
            [
                "klar", Word(kind), Shown(file), .. reference is null ? [] : new[] { "--reference", Shown(reference) },
                .. arguments, .. scene,
            ]),
        };
        jobs.Put(job);
        _news.Release();
        return job;
    }

    /// <summary>Ends a job, or takes it out of the queue.</summary>
    public Job Cancel(long id)
    {
        lock (_lock)
        {
            if (_runningId == id && _running is not null)
            {
                _running.Cancel();
                return jobs.Find(id);
            }
        }

        return jobs.Change(id, static job => job.State == JobState.Queued, static job => job with { State = JobState.Cancelled });
    }

    /// <summary>Takes up a job that did not come to its end; a stack goes on with the page where it stopped.</summary>
    public Job Again(long id)
    {
        Job job = jobs.Change(
            id,
            static job => job.HasEnded && job.State != JobState.Done,
            static job => job with
            {
                State = JobState.Queued,
                Resumes = true,
                Fraction = 0,
                Stage = string.Empty,
                Failure = null,
                Rows = [],
                Seconds = null,
                Started = null,
            });
        _news.Release();
        return job;
    }

    /// <summary>Forgets a job and what it made.</summary>
    public void Remove(long id)
    {
        Job job = jobs.Remove(id);
        foreach (JobResult result in job.Results)
        {
            files.Remove(result.FileId);
        }

        if (Directory.Exists(state.OfJob(id)))
        {
            Directory.Delete(state.OfJob(id), recursive: true);
        }
    }

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (jobs.Next is { } job)
            {
                await Run(job, stoppingToken).ConfigureAwait(false);
            }
            else
            {
                await _news.WaitAsync(stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private static string Word(JobKind kind) => kind == JobKind.Denoise ? "denoise" : "compare";

    /// <summary>A file as a command line names it: an upload by its name, a user's file by its path.</summary>
    private static string Shown(StoredFile file) => file.Origin == FileOrigin.Root ? file.Path : file.Name;

    private async Task Run(Job queued, CancellationToken stopping)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        lock (_lock)
        {
            (_running, _runningId) = (cancel, queued.Id);
        }

        long start = Stopwatch.GetTimestamp();
        try
        {
            Job job = jobs.Change(queued.Id, static job => job.State == JobState.Queued, static job => job with { State = JobState.Running, Started = DateTimeOffset.UtcNow });
            if (job.State == JobState.Running)
            {
                Job ended = await Ended(job, cancel.Token).ConfigureAwait(false);
                jobs.Put(ended with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds });
            }
        }
        catch (RequestException) when (!jobs.Has(queued.Id))
        {
            // It was removed a moment ago.
        }
        catch (OperationCanceledException)
        {
            jobs.Put(jobs.Find(queued.Id) with
            {
                State = stopping.IsCancellationRequested ? JobState.CutOff : JobState.Cancelled,
                Failure = stopping.IsCancellationRequested ? "the server ended before the job did" : null,
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            });
        }
        catch (Exception failure)
        {
            jobs.Put(jobs.Find(queued.Id) with
            {
                State = JobState.Failed,
                Failure = failure.Message.ReplaceLineEndings(" "),
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            });
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }
    }

    private async Task<Job> Ended(Job job, CancellationToken cancel)
    {
        string folder = state.OfJob(job.Id), results = Path.Combine(folder, "results");
        Directory.CreateDirectory(results);
        StoredFile source = Source(job.FileId);
        string input = InFolder(source, folder);
        IReadOnlyList<string> scene = job.Kind == JobKind.Denoise ? source.SceneArguments : [];
        string[] reference = job.Settings.Reference is { } clean ? ["--reference", InFolder(Source(clean), folder)] : [];
        bool isRanking = job is { Kind: JobKind.Compare, Settings: { Reference: null, Noises.Count: 0 } };
        string[] extra = isRanking ? ["--json"]
            : job.Kind == JobKind.Compare ? ["-o", "results/", "--images", "--overwrite"]
            : job.Resumes ? ["-o", "results/", "--resume"] : ["-o", "results/", "--overwrite"];
        using var printed = new MemoryStream();
        var follow = new JobProgress(jobs, job);
        KlarProgram.Ended ended = await program
            .Run(
                [
                    Word(job.Kind), input, .. reference, .. JobArguments.Of(job.Kind, job.Settings, models), .. extra,
                    .. scene, "--threads", $"{settings.Threads}",
                ],
                folder, follow.Line, printed, cancel)
            .ConfigureAwait(false);
        if (isRanking && ended.Code == 0)
        {
            printed.Position = 0;
            using JsonDocument ranking = await JsonDocument.ParseAsync(printed, default, cancel).ConfigureAwait(false);
            JsonElement[] rows = [.. ranking.RootElement.GetProperty("rows").EnumerateArray().Select(static row => row.Clone())];
            return follow.Job with { State = JobState.Done, Fraction = 1, Stage = string.Empty, Rows = rows };
        }

        return ended.Code == 0
            ? Made(follow.Job with { State = JobState.Done, Fraction = 1, Stage = string.Empty }, results)
            : follow.Job with { State = JobState.Failed, Failure = ended.Reason };
    }

    /// <summary>The file of a job, which may have been removed while it waited.</summary>
    private StoredFile Source(string id) =>
        files.Has(id) ? files.Find(id) : throw RequestException.NotFound("the file was removed before the job began");

    /// <summary>What a job calls its input: an upload lies beside it under its name, a link, so that results and reports are called after it.</summary>
    private static string InFolder(StoredFile file, string folder)
    {
        if (file.Origin == FileOrigin.Root)
        {
            return file.Path;
        }

        string link = Path.Combine(folder, file.Name);
        if (!Path.Exists(link))
        {
            File.CreateSymbolicLink(link, file.Path);
        }

        return file.Name;
    }

    private Job Made(Job job, string results)
    {
        var made = new List<JobResult>();
        JsonElement? sidecar = null;
        foreach (string path in Directory.EnumerateFiles(results, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string role = Role(job.Kind, path);
            if (role == "sidecar")
            {
                using var document = JsonDocument.Parse(File.ReadAllText(path));
                sidecar = document.RootElement.Clone();
            }

            StoredFile file = files.OfJob(path, Path.GetFileName(path));
            made.Add(new JobResult(role, file.Name, file.Id, file.Size));
        }

        return job with { Results = made, Sidecar = sidecar };
    }

    private static string Role(JobKind kind, string path)
    {
        string name = Path.GetFileName(path);
        return name switch
        {
            _ when name.EndsWith(".html", StringComparison.Ordinal) => "report",
            _ when kind == JobKind.Compare && name.EndsWith(".tif", StringComparison.Ordinal) => "image",
            _ when kind == JobKind.Compare && name.EndsWith(".png", StringComparison.Ordinal) => "figure",
            _ when kind == JobKind.Compare => "table",
            _ when name.EndsWith("_residual.tif", StringComparison.Ordinal) => "residual",
            _ when name.EndsWith("_uncertainty.tif", StringComparison.Ordinal) => "uncertainty",
            _ when name.EndsWith(".json", StringComparison.Ordinal) => "sidecar",
            _ => "result",
        };
    }
}
