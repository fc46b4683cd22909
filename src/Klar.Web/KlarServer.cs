using System.Net;
using Klar.Web.Files;
using Klar.Web.Jobs;
using Klar.Web.Programs;
using Klar.Web.Safety;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Klar.Web;

/// <summary>
/// The page in the browser: a thin host that keeps files and a list of jobs, and lets the program do the work.
/// </summary>
public static class KlarServer
{
    /// <summary>Serves until <paramref name="cancel"/> ends it.</summary>
    /// <param name="settings">Where and what.</param>
    /// <param name="ready">Is told the page's address.</param>
    /// <param name="cancel">Ends it; a running job is cut off, and said to be.</param>
    /// <exception cref="IOException">The state is in use by another server, or the port is taken.</exception>
    public static async Task Run(ServerSettings settings, Action<string> ready, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(ready);
        using var state = StateFolder.Open(settings.State);
        string? token = settings.Listen is null ? null : AccessToken.Random();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = [], ContentRootPath = settings.State, EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20; // uploads say their own
            kestrel.Listen(settings.Listen ?? IPAddress.Loopback, settings.Port);
        });
        builder.Services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, WebJson.Default);
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.Configure<RouteHandlerOptions>(static routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(settings).AddSingleton(state).AddSingleton(new Database(state.Database))
            .AddSingleton<RootFolders>().AddSingleton<ModelFiles>()
            .AddSingleton<Broadcast>().AddSingleton<FileStore>().AddSingleton<PageReaders>().AddSingleton<Viewing>()
            .AddSingleton<Samples>().AddSingleton<JobStore>().AddSingleton<JobQueue>()
            .AddSingleton(new KlarProgram(settings.Program));
        builder.Services.AddHostedService(static services => services.GetRequiredService<JobQueue>());
        await using WebApplication app = builder.Build();
        app.Use(Failures.AsJson);
        app.Use(new RequestGuard(settings.Listen, token).Check);
        app.Use(SecurityHeaders.Add);
        PageFiles.Map(app);
        FilesApi.Map(app);
        JobsApi.Map(app);
        app.MapFallback(static () => Results.Json(
            new ErrorView("there is nothing here"), WebJson.Default.ErrorView,
            statusCode: StatusCodes.Status404NotFound));
        await app.StartAsync(cancel).ConfigureAwait(false);
        string address =
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        ready(token is null ? address : $"{address}/?token={token}");
        await app.WaitForShutdownAsync(cancel).ConfigureAwait(false);
    }
}
