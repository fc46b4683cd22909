using Klar.Web.Files;
using Klar.Web.Safety;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Klar.Web;

/// <summary>Files: sent, opened, looked at, fetched, forgotten.</summary>
internal static class FilesApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/folders", static (string? path, RootFolders roots) => roots.List(path ?? string.Empty));
        app.MapGet("/api/files", static (FileStore files) => files.Inputs);
        app.MapPost("/api/files", Upload);
        app.MapPost("/api/files/open", static async (OpenRequest request, FileStore files, Viewing viewing, CancellationToken cancel) => (await viewing.Looked(files.Open(request.Path), cancel).ConfigureAwait(false)).View);
        app.MapGet("/api/files/{id}", static async (string id, FileStore files, Viewing viewing, CancellationToken cancel) => (await viewing.Looked(files.Find(id), cancel).ConfigureAwait(false)).View);
        app.MapPost("/api/files/{id}/scenes/{scene:int}", Scene);
        app.MapDelete("/api/files/{id}", static (string id, FileStore files, PageReaders readers) =>
        {
            if (files.Find(id).Origin == FileOrigin.Job)
            {
                throw RequestException.Bad("a job's results go with the job");
            }

            readers.Forget(id);
            files.Remove(id);
        });
        app.MapGet("/api/files/{id}/pages/{page:int}", static (string id, int page, FileStore files, Viewing viewing, HttpContext context) => viewing.Page(files.Find(id), page, context));
        app.MapGet("/api/files/{id}/levels", static (string id, FileStore files, Viewing viewing, HttpContext context) =>
            viewing.Levels(files.Find(id), context));
        app.MapGet("/api/files/{id}/thumbnail", static (string id, FileStore files, Viewing viewing, HttpContext context) =>
            viewing.Thumbnail(files.Find(id), context));
        app.MapGet("/api/samples/{name}/thumbnail", static (string name, Samples samples, HttpContext context) =>
            samples.Thumbnail(name, context));
        app.MapPost("/api/samples/{name}", static async (string name, Samples samples, Viewing viewing, CancellationToken cancel) =>
            (await viewing.Looked(await samples.Make(name, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false)).View);
        app.MapGet("/api/files/{id}/download", static (string id, FileStore files) =>
        {
            StoredFile file = files.Find(id);
            return Results.File(file.Path, "application/octet-stream", file.Name, enableRangeProcessing: true);
        });
        app.MapGet("/api/files/{id}/show", Show);
        app.MapPost("/api/preview", static (PreviewRequest request, FileStore files, Viewing viewing, HttpContext context) => viewing.Preview(files.Find(request.File), request, context));
    }

    /// <summary>Another image of a file that holds several.</summary>
    private static async Task<FileView> Scene(
        string id, int scene, FileStore files, Viewing viewing, CancellationToken cancel) =>
        (await viewing.Looked(files.OfScene(files.Find(id), scene), cancel).ConfigureAwait(false)).View;

    private static async Task<FileView> Upload(string name, FileStore files, Viewing viewing, ServerSettings settings, HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = settings.MaxUpload;
        }

        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null; // a file on a slow network drive may take its time
        StoredFile file = await files.Upload(name, context.Request.ContentLength, context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        return (await viewing.Looked(file, context.RequestAborted).ConfigureAwait(false)).View;
    }

    /// <summary>A report or a figure of a job, in a page of its own.</summary>
    private static IResult Show(string id, FileStore files, HttpContext context)
    {
        StoredFile file = files.Find(id);
        string type = Path.GetExtension(file.Name) switch
        {
            ".html" when file.Origin == FileOrigin.Job => "text/html; charset=utf-8",
            ".png" when file.Origin == FileOrigin.Job => "image/png",
            _ => throw RequestException.Bad("it is no report and no figure"),
        };
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.ReportPolicy;
        return Results.File(file.Path, type);
    }
}
