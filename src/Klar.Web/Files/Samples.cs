using System.Collections.Concurrent;
using Klar.Web.Programs;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Files;

/// <summary>Generated pictures for whoever has no file at hand; the program makes them.</summary>
internal sealed class Samples(KlarProgram program, FileStore files, ServerSettings settings)
{
    private static readonly IReadOnlyList<string> Names = ["cells", "dim", "stack"];

    private readonly ConcurrentDictionary<string, byte[]> _thumbnails = new();

    /// <summary>A new file with that picture.</summary>
    public Task<StoredFile> Make(string name, CancellationToken cancel) =>
        files.Take($"sample {Known(name)}.tif", async path =>
    {
        KlarProgram.Ended ended = await Run(["sample", name, "-o", path], Stream.Null, cancel).ConfigureAwait(false);
        if (ended.Code != 0)
        {
            throw new RequestException(StatusCodes.Status500InternalServerError, ended.Reason);
        }
    });

    /// <summary>Writes a small picture of it.</summary>
    public async Task Thumbnail(string name, HttpContext context)
    {
        if (!_thumbnails.TryGetValue(Known(name), out byte[]? picture))
        {
            using var output = new MemoryStream();
            KlarProgram.Ended ended = await Run(["sample", name], output, context.RequestAborted).ConfigureAwait(false);
            if (ended.Code != 0)
            {
                throw new RequestException(StatusCodes.Status500InternalServerError, ended.Reason);
            }

            _thumbnails[name] = picture = output.ToArray();
        }

        context.Response.ContentType = "image/bmp";
        context.Response.Headers.CacheControl = "private, max-age=600";
        await context.Response.Body.WriteAsync(picture, context.RequestAborted).ConfigureAwait(false);
    }

    private static string Known(string name) =>
        Names.Contains(name) ? name : throw RequestException.NotFound("there is no such sample");

    private Task<KlarProgram.Ended> Run(IReadOnlyList<string> arguments, Stream output, CancellationToken cancel) =>
        program.Run(arguments, settings.State, null, output, cancel);
}
