using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Klar.Web.Tests;

/// <summary>Files that are sent: named, limited, broken off.</summary>
public sealed class UploadTests : IDisposable
{
    private readonly RunningServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Names_are_made_harmless()
    {
        foreach ((string given, string kept) in ((string, string)[])
        [
            ("../../../evil.tif", "evil.tif"),
            ("/etc/cron.d/evil.tif", "evil.tif"),
            ("..\\..\\evil.tif", "evil.tif"),
            ("-rf.tif", "rf.tif"),
            (".hidden.tif", "hidden.tif"),
            ("..", "image"),
            ("a\0b\n;c|d$(e).tif", "a_b__c_d_(e).tif"),
            ("größe 1.tif", "größe 1.tif"),
        ])
        {
            string path = Path.Combine(_server.State, "upload");
            await File.WriteAllTextAsync(path, "no image");
            JsonElement file = await _server.Upload(path, given);
            Assert.Equal(kept, file.GetProperty("name").GetString());
            Assert.True(File.Exists(Path.Combine(_server.State, "files", file.GetProperty("id").GetString()!, kept)));
        }
    }

    [Fact]
    public async Task Twenty_gigabytes_are_refused_before_they_come()
    {
        string answer = await _server.Raw($"POST /api/files?name=big.tif HTTP/1.1\r\nHost: "
            + $"{new Uri(_server.Address).Authority}\r\nContent-Length: {20L << 30}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("8192 MB at most", answer, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_server.State, "files")));
    }

    [Fact]
    public async Task What_grows_beyond_the_limit_is_cut_off_and_removed()
    {
        using var small = new RunningServer("--max-upload", "1M");
        using var content = new StreamContent(new MemoryStream(new byte[3 << 20]));
        content.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/files?name=grows.tif") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage answer = await small.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(small.State, "files")));
    }

    [Fact]
    public async Task More_uploads_than_there_may_be_are_refused_until_one_is_removed()
    {
        using var few = new RunningServer("--max-files", "2");
        async Task<HttpResponseMessage> Send() =>
            await few.Client.PostAsync("/api/files?name=x.tif", new StringContent("x"));
        JsonElement first = await RunningServer.Json(await Send());
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.InsufficientStorage],
            [(await Send()).StatusCode, (await Send()).StatusCode]);
        few.KillAndRestart();
        Assert.Equal(HttpStatusCode.InsufficientStorage, (await Send()).StatusCode);
        (await few.Client.DeleteAsync($"/api/files/{first.GetProperty("id").GetString()}")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await Send()).StatusCode);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        using (var socket = new TcpClient("127.0.0.1", new Uri(_server.Address).Port))
        {
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/files?name=half.tif HTTP/1.1\r\nHost: "
                    + $"{new Uri(_server.Address).Authority}\r\nContent-Length: "
                    + $"1000000\r\n\r\n{new string('x', 5000)}"));
            string files = Path.Combine(_server.State, "files");
            await Until(() => Directory.EnumerateFileSystemEntries(files).Any());
        }

        await Until(() => !Directory.EnumerateFileSystemEntries(Path.Combine(_server.State, "files")).Any());
        Assert.Equal("[]", await _server.Client.GetStringAsync("/api/files"));
    }

    private static async Task Until(Func<bool> holds)
    {
        for (int i = 0; i < 7200 && !holds(); i++)
        {
            await Task.Delay(25);
        }

        Assert.True(holds());
    }
}
