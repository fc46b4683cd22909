using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Klar.Catalogue;
using Klar.Web.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Klar.Web;

/// <summary>Jobs: asked for, watched, ended, taken up again, forgotten; and the methods there are.</summary>
internal static class JobsApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/server", static (ServerSettings settings) => new ServerView(settings.Version, settings.Threads, settings.Roots.Count > 0, settings.MostUpload));
        app.MapGet("/api/methods", static () => (IReadOnlyList<MethodView>)[.. MethodCatalogue.All.Select(static method =>
            new MethodView(method.Name, method.Summary, method.Paper, method.Assumes, method.ModelsNoise, method.TakesEffort, MethodCatalogue.Comparable.Contains(method), method.Options))]);
        app.MapGet("/api/jobs", static (JobStore jobs) => (IReadOnlyList<JobView>)[.. jobs.All.Select(View)]);
        app.MapGet("/api/jobs/{id:long}", static (long id, JobStore jobs) => View(jobs.Find(id)));
        app.MapPost("/api/jobs", static (JobRequest request, JobQueue queue) => View(queue.Add(request.Kind, request.File, request.Settings)));
        app.MapPost("/api/jobs/{id:long}/cancel", static (long id, JobQueue queue) => View(queue.Cancel(id)));
        app.MapPost("/api/jobs/{id:long}/again", static (long id, JobQueue queue) => View(queue.Again(id)));
        app.MapDelete("/api/jobs/{id:long}", static (long id, JobQueue queue) => queue.Remove(id));
        app.MapGet("/api/events", static (JobStore jobs, IHostApplicationLifetime life, CancellationToken cancel) => TypedResults.ServerSentEvents(Events(jobs, life.ApplicationStopping, cancel)));
    }

    private static async IAsyncEnumerable<SseItem<NewsView>> Events(JobStore jobs, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        yield return new SseItem<NewsView>(new NewsView(null, null), "hello"); // so that the browser knows at once that it is heard
        await foreach (JobNews news in jobs.Watch(end.Token).ConfigureAwait(false))
        {
            yield return new SseItem<NewsView>(new NewsView(news.Job is { } job ? View(job) : null, news.Removed), "job");
        }
    }

    /// <summary>The time left, were it to go on as it went.</summary>
    private static JobView View(Job job) => new(job, job is { State: JobState.Running, Started: { } started, Fraction: > 0.02 and < 1 } ? (DateTimeOffset.UtcNow - started).TotalSeconds * (1 - job.Fraction) / job.Fraction : null);
}
