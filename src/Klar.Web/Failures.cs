using Microsoft.AspNetCore.Http;

namespace Klar.Web;

/// <summary>Every failure of a request is a status and one line of JSON; the server goes on.</summary>
internal static class Failures
{
    public static async Task AsJson(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer.
        }
        catch (Exception failure)
        {
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            (int status, string message) = failure switch
            {
                RequestException expected => (expected.Status, expected.Message),
                BadHttpRequestException bad => (
                    bad.StatusCode,
                    bad.InnerException is System.Text.Json.JsonException ? "the request is no such JSON" : bad.Message),
                IOException io when IsFull(io) => (StatusCodes.Status507InsufficientStorage, "the disk is full"),
                _ => (
                    StatusCodes.Status500InternalServerError,
                    $"internal error: {failure.Message.ReplaceLineEndings(" ")}"),
            };
            context.Response.Clear();
            SecurityHeadersOf(context);
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(
                new ErrorView(message), WebJson.Default.ErrorView,
                cancellationToken: CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void SecurityHeadersOf(HttpContext context) => Safety.SecurityHeaders.Set(context.Response.Headers);

    private static bool IsFull(IOException failure) =>
        failure.Message.Contains("No space left", StringComparison.Ordinal);
}
