using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Klar.Tests.Support;

namespace Klar.Web.Tests;

/// <summary>Files that hold several images: each can be looked at and denoised.</summary>
public sealed class SceneTests : IDisposable
{
    private static readonly string Many =
        SharedData.Folder is null ? string.Empty : SharedData.PathOf("vendor/xyz__multiple_images.czi");

    private readonly RunningServer _server = new();

    public void Dispose() => _server.Dispose();

    [SharedFact]
    public async Task Another_image_is_a_file_of_its_own()
    {
        JsonElement first = await _server.Upload(Many);
        string id = first.GetProperty("id").GetString()!;
        JsonElement[] scenes = [.. first.GetProperty("image").GetProperty("scenes").EnumerateArray()];
        Assert.Equal((0, true), (first.GetProperty("scene").GetInt32(), scenes.Length > 1));
        JsonElement second = await Scene(id, 1);
        string other = second.GetProperty("id").GetString()!;
        Assert.Equal(1, second.GetProperty("scene").GetInt32());
        Assert.Equal(other, (await Scene(id, 1)).GetProperty("id").GetString());
        Assert.Equal(id, (await Scene(other, 0)).GetProperty("id").GetString());
        Assert.NotEmpty(await _server.Client.GetByteArrayAsync($"/api/files/{other}/pages/0"));
        object settings = new { method = "median", select = new[] { "z=0" } };
        JsonElement job = await _server.JobIn(await _server.AddJob("Denoise", other, settings), "Done");
        Assert.EndsWith(" --scene 1", job.GetProperty("command").GetString(), StringComparison.Ordinal);
        using HttpResponseMessage none = await _server.Client.PostAsJsonAsync($"/api/files/{id}/scenes/99", new { });
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private async Task<JsonElement> Scene(string id, int scene)
    {
        using HttpResponseMessage answer =
            await _server.Client.PostAsJsonAsync($"/api/files/{id}/scenes/{scene}", new { });
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
