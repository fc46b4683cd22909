using System.Globalization;
using System.Text.Json;
using Klar.Web.Jobs;
using Klar.Web.Programs;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Files;

/// <summary>
/// What files hold, for the eye: headers, pages, and parts of pages denoised, by processes of the program; two look-ups
/// and one preview run at a time.
/// </summary>
internal sealed class Viewing(
    KlarProgram program, FileStore files, PageReaders readers, ModelFiles models, ServerSettings settings) : IDisposable
{
    private const long MaxBytesShown = 1L << 30;
    private const int ThumbnailSide = 96;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxTimeOfPreview = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _places = new(2);
    private readonly SemaphoreSlim _previews = new(1);

    /// <summary>The file with what it holds, or why it cannot be opened.</summary>
    public async Task<StoredFile> Looked(StoredFile file, CancellationToken cancel)
    {
        if (file.Image is not null || file.Failure is not null)
        {
            return file;
        }

        using var output = new MemoryStream();
        KlarProgram.Ended ended = await Run(
            _places, ["info", file.Path, "--json", .. file.SceneArguments], output, MaxTime, cancel)
            .ConfigureAwait(false);
        ImageView? image = ended.Code == 0 ? JsonSerializer.Deserialize(output.ToArray(), WebJson.Default.ImageView) : null;
        if (image is not null)
        {
            file = file with { Scene = image.Scenes is null ? null : file.Scene ?? 0 };
            readers.Warm(file);
        }

        return files.Added(file with { Image = image, Failure = image is null ? Reason(ended, file) : null });
    }

    /// <summary>Writes a page's samples.</summary>
    public async Task Page(StoredFile file, int page, HttpContext context)
    {
        ImageView image = Image(await Looked(file, context.RequestAborted).ConfigureAwait(false));
        RefuseTooLarge((long)image.Width * image.Height * image.Channels * image.BytesShown);
        await Ask(file, $"page {Text(page)}", "application/octet-stream", context).ConfigureAwait(false);
    }

    /// <summary>Writes the grey levels of the whole file, channel by channel.</summary>
    public async Task Levels(StoredFile file, HttpContext context)
    {
        _ = Image(await Looked(file, context.RequestAborted).ConfigureAwait(false));
        await Ask(file, "levels", "application/json", context).ConfigureAwait(false);
    }

    /// <summary>Writes a small picture of the file; the browser may keep it.</summary>
    public async Task Thumbnail(StoredFile file, HttpContext context)
    {
        ImageView image = Image(await Looked(file, context.RequestAborted).ConfigureAwait(false));
        RefuseTooLarge((long)image.Width * image.Height * image.Channels * image.BytesShown);
        context.Response.Headers.CacheControl = "private, max-age=600";
        await Ask(file, $"thumbnail {Text(ThumbnailSide)}", "image/bmp", context).ConfigureAwait(false);
    }

    /// <summary>Writes the samples of a part of a page as a job with these settings would make them.</summary>
    public async Task Preview(StoredFile file, PreviewRequest request, HttpContext context)
    {
        ImageView image = Image(await Looked(file, context.RequestAborted).ConfigureAwait(false));
        int[] region = [request.X, request.Y, request.Width, request.Height];
        string[] arguments =
        [
            "page", file.Path, "--page", Text(request.Page), $"--region={string.Join(',', region.Select(Text))}",
            .. JobArguments.Method(request.Settings, models),
            .. JobArguments.Words([("--axes", request.Settings.Axes)]), .. file.SceneArguments,
            "--threads", Text(settings.Threads),
        ];
        RefuseTooLarge((long)request.Width * request.Height * image.Channels * image.BytesShown);
        await Write(file, arguments, MaxTimeOfPreview, context).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _places.Dispose();
        _previews.Dispose();
    }

    private static ImageView Image(StoredFile file) => file.Image ?? throw new RequestException(
        StatusCodes.Status422UnprocessableEntity, $"{file.Name}: {file.Failure}");

    /// <summary>What went wrong, without the place where the server keeps the file.</summary>
    private static string Reason(KlarProgram.Ended ended, StoredFile file) =>
        ended.Reason.Replace($"{file.Path}: ", string.Empty, StringComparison.Ordinal)
            .Replace(file.Path, file.Name, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void RefuseTooLarge(long bytes)
    {
        if (bytes > MaxBytesShown)
        {
            throw new RequestException(StatusCodes.Status413PayloadTooLarge, "a page of more than 1 GB is not shown; it can be denoised all the same");
        }
    }

    private async Task Write(StoredFile file, IReadOnlyList<string> arguments, TimeSpan most, HttpContext context)
    {
        // The answer begins with the first byte, so that failure before it is still a status.
        context.Response.ContentType = "application/octet-stream";
        KlarProgram.Ended ended = await Run(_previews, arguments, context.Response.Body, most, context.RequestAborted).ConfigureAwait(false);
        RefuseFailed(ended, file);
    }

    private async Task Ask(StoredFile file, string request, string type, HttpContext context)
    {
        await _places.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            context.Response.ContentType = type;
            KlarProgram.Ended ended = await readers
                .Ask(file, request, context.Response.Body, MaxTime, context.RequestAborted).ConfigureAwait(false);
            RefuseFailed(ended, file);
        }
        finally
        {
            _places.Release();
        }
    }

    private static void RefuseFailed(KlarProgram.Ended ended, StoredFile file)
    {
        if (ended.Code != 0)
        {
            int status = ended.Code == 2 ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity;
            throw new RequestException(status, Reason(ended, file));
        }
    }

    private async Task<KlarProgram.Ended> Run(SemaphoreSlim places, IReadOnlyList<string> arguments, Stream output, TimeSpan most, CancellationToken cancel)
    {
        await places.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            end.CancelAfter(most);
            return await program.Run(arguments, settings.State, null, output, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new KlarProgram.Ended(1, $"it took more than {most.TotalMinutes:F0} minutes");
        }
        finally
        {
            places.Release();
        }
    }
}
