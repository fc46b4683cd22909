using System.Net;
using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Safety;

/// <summary>
/// Who may ask at all. The Host header must be one of this server's own names, else a foreign page could reach it
/// under its own name (DNS rebinding); what a foreign page sends is refused, and whoever comes to an address that
/// others can reach needs the token.
/// </summary>
internal sealed class RequestGuard(IPAddress? listen, string? token)
{
    private readonly HashSet<string> _hosts = Hosts(listen);

    public Task Check(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (!_hosts.Contains(request.Host.Host.Trim('[', ']'))
            || (request.Host.Port ?? 80) != context.Connection.LocalPort)
        {
            throw new RequestException(StatusCodes.Status421MisdirectedRequest, "this server has another name");
        }

        if (IsForeign(request))
        {
            throw new RequestException(StatusCodes.Status403Forbidden, "another page may not ask this");
        }

        return token is null || Knows(context, token) ? next(context) : Task.CompletedTask;
    }

    private static bool IsForeign(HttpRequest request)
    {
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        string site = request.Headers["Sec-Fetch-Site"].ToString(), origin = request.Headers.Origin.ToString();

        // A link or a bookmark may lead here; anything else from another site may not, and nothing that changes
        // something.
        bool fromElsewhere = site.Length > 0
            && site is not ("same-origin" or "none")
            && !(reads && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Path == "/");
        return fromElsewhere || (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}");
    }

    /// <summary>
    /// Whether the token came along; a page that is opened with it is opened again without, so that it stands in no
    /// history.
    /// </summary>
    private static bool Knows(HttpContext context, string token)
    {
        if (AccessToken.Same(context.Request.Cookies[AccessToken.Cookie], token))
        {
            return true;
        }

        if (!AccessToken.Same(context.Request.Query["token"], token))
        {
            throw new RequestException(
                StatusCodes.Status401Unauthorized, "open the address that klar serve printed: it has a token");
        }

        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Path != "/")
        {
            return true;
        }

        context.Response.Cookies.Append(
            AccessToken.Cookie, token,
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        context.Response.Redirect("/");
        return false;
    }

    private static HashSet<string> Hosts(IPAddress? listen)
    {
        if (listen is null)
        {
            return new HashSet<string>(["127.0.0.1", "localhost"], StringComparer.OrdinalIgnoreCase);
        }

        bool all = listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);
        IEnumerable<string> addresses = all
            ? NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
                .Select(static one => one.Address.ToString())
            : [listen.ToString()];
        return new HashSet<string>([.. addresses, "localhost", Dns.GetHostName()], StringComparer.OrdinalIgnoreCase);
    }
}
