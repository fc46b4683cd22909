using System.Collections.Frozen;
using System.Reflection;
using Klar.Formats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Klar.Web;

/// <summary>The page itself: files that are in the assembly, and no others.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";

    private static readonly FrozenDictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag, string Type)> Files =
        Read();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", static (HttpContext context) => Of("index.html", context));
        app.MapGet("/compare", static (HttpContext context) => Of("compare.html", context));
        app.MapGet("/page/{name}", static (string name, HttpContext context) => Of(name, context));
    }

    private static IResult Of(string name, HttpContext context)
    {
        if (!Files.TryGetValue(name, out (byte[] Bytes, EntityTagHeaderValue Tag, string Type) file))
        {
            throw RequestException.NotFound("there is nothing here");
        }

        context.Response.Headers.CacheControl = "no-cache"; // asked for each time, sent anew only when it changed
        return Results.Bytes(file.Bytes, file.Type, entityTag: file.Tag);
    }

    private static FrozenDictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag, string Type)> Read()
    {
        Assembly assembly = typeof(PageFiles).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(static name => name[Prefix.Length..], name =>
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string type = Path.GetExtension(name) switch
            {
                ".html" => "text/html; charset=utf-8",
                ".css" => "text/css; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "text/javascript; charset=utf-8",
            };
            return (bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(Sha256.Of(bytes))[..20]}\""), type);
        });
    }
}
