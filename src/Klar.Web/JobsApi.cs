using System.IO.Compression;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Klar.Catalogue;
using Klar.Web.Files;
using Klar.Web.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Klar.Web;

/// <summary>Jobs: asked for, watched, ended, taken up again, forgotten; and the methods there are.</summary>
internal static class JobsApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/server", static (ServerSettings settings) => new ServerView(
            settings.Version, settings.Threads, settings.Roots.Count > 0, settings.MaxUpload));
        app.MapGet("/api/methods", static (ModelFiles models) =>
            (IReadOnlyList<MethodView>)[.. MethodCatalogue.All.Select(View), .. models.List()]);
        app.MapGet("/api/jobs", static (JobStore jobs) => (IReadOnlyList<JobView>)[.. jobs.All.Select(View)]);
        app.MapGet("/api/jobs/{id:long}", static (long id, JobStore jobs) => View(jobs.Find(id)));
        app.MapPost("/api/jobs", static (
            JobRequest request, JobQueue queue) => View(queue.Add(request.Kind, request.File, request.Settings)));
        app.MapPost("/api/jobs/{id:long}/cancel", static (long id, JobQueue queue) => View(queue.Cancel(id)));
        app.MapPost("/api/jobs/{id:long}/again", static (long id, JobQueue queue) => View(queue.Again(id)));
        app.MapGet("/api/jobs/zip", Zip);
        app.MapDelete("/api/jobs/{id:long}", static (long id, JobQueue queue) => queue.Remove(id));
        app.MapGet("/api/events", static (
            JobStore jobs, Broadcast broadcast, IHostApplicationLifetime life, CancellationToken cancel) =>
            TypedResults.ServerSentEvents(Events(jobs, broadcast, life.ApplicationStopping, cancel)));
    }

    private static async IAsyncEnumerable<SseItem<NewsView>> Events(
        JobStore jobs, Broadcast broadcast, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        // so that the browser knows at once that it is heard
        yield return new SseItem<NewsView>(new NewsView(), "hello");
        IEnumerable<Notice> Now() => jobs.All.Reverse().Select(static job => new Notice { Job = job });
        await foreach (Notice notice in broadcast.Listen(Now, end.Token).ConfigureAwait(false))
        {
            bool isOfFile = notice.File is not null || notice.RemovedFile is not null;
            var news = new NewsView(
                notice.Job is { } job ? View(job) : null, notice.RemovedJob, notice.File, notice.RemovedFile);
            yield return new SseItem<NewsView>(news, isOfFile ? "file" : "job");
        }
    }

    private static MethodView View(Method method) => new(
        method.Name, method.Summary, method.Paper, method.Assumes, method.ModelsNoise, method.TakesEffort,
        MethodCatalogue.Comparable.Contains(method), method.Options);

    private static JobView View(Job job) => new(job, JobClock.SecondsLeft(job, DateTimeOffset.UtcNow));

    /// <summary>The results of jobs in one archive, written as it is sent.</summary>
    private static async Task Zip(long[] id, JobStore jobs, FileStore files, HttpContext context)
    {
        Job[] chosen = [.. id.Distinct().Select(jobs.Find)];
        var results = chosen.SelectMany(static job => job.Results
            .Where(static result => result.Role != "image").Select(result => (job.Id, File: result)))
            .Select(result => (result.Id, File: files.Find(result.File.FileId))).ToArray();
        if (results.Length == 0)
        {
            throw RequestException.Bad("these jobs have no results");
        }

        // An archive's own headers are written without waiting, whatever way it is asked.
        context.Features.Get<IHttpBodyControlFeature>()?.AllowSynchronousIO = true;
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = "attachment; filename=klar-results.zip";
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        CancellationToken cancel = context.RequestAborted;
        await using ZipArchive archive = await ZipArchive
            .CreateAsync(context.Response.Body, ZipArchiveMode.Create, leaveOpen: true, null, cancel)
                .ConfigureAwait(false);
        foreach ((long job, StoredFile file) in results)
        {
            string name = taken.Add(file.Name) ? file.Name : $"{job}/{file.Name}";
            await archive.CreateEntryFromFileAsync(file.Path, name, CompressionLevel.Fastest, cancel).ConfigureAwait(
                false);
        }
    }
}
