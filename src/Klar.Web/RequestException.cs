using Microsoft.AspNetCore.Http;

namespace Klar.Web;

/// <summary>What is wrong with a request, as a status and a line.</summary>
internal sealed class RequestException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static RequestException NotFound(string what) => new(StatusCodes.Status404NotFound, what);

    public static RequestException Bad(string what) => new(StatusCodes.Status400BadRequest, what);
}
