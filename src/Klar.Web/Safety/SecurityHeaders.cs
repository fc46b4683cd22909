using Microsoft.AspNetCore.Http;

namespace Klar.Web.Safety;

/// <summary>
/// What every answer tells the browser: scripts, styles and data come from here and nowhere else, and nobody may
/// frame or read it.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// A report is a page of its own that may not touch this one: as the file would be when opened from the disk.
    /// </summary>
    public const string ReportPolicy = "sandbox allow-scripts; default-src 'none'; img-src data:; style-src "
        + "'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        Set(context.Response.Headers);
        return next(context);
    }

    public static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
