using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Klar.Tests.Support;

namespace Klar.Web.Tests;

/// <summary>What nobody should send, sent: the right status, nothing lost, still serving.</summary>
public sealed class SafetyTests : IDisposable
{
    private static readonly string Noisy =
        SharedData.Folder is null ? string.Empty : SharedData.PathOf("noisy/xy_8bit__nuclei_very_noisy.tif");

    private readonly TemporaryFolder _root = new();
    private readonly RunningServer _server;

    public SafetyTests()
    {
        Directory.CreateDirectory(_root["allowed/below"]);
        File.WriteAllText(_root["secret.tif"], "secret");
        File.WriteAllText(_root["allowed/below/inside.tif"], "inside");
        File.CreateSymbolicLink(_root["allowed/link.tif"], _root["secret.tif"]);
        File.CreateSymbolicLink(_root["allowed/up"], _root.Path);
        File.CreateSymbolicLink(_root["allowed/loop"], _root["allowed/loop"]);
        File.CreateSymbolicLink(_root["allowed/good.tif"], "below/../below/inside.tif");
        _server = new RunningServer("--root", _root["allowed"]);
    }

    public void Dispose()
    {
        _server.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task Files_outside_of_the_root_are_out_of_reach()
    {
        foreach (string path in (string[])
        [
            "secret.tif",
            "allowed/../secret.tif",
            "allowed/link.tif",
            "allowed/up/secret.tif",
            "allowed/below/../../secret.tif",
            "allowed/loop",
            "allowed/nothing.tif",
            "allowed\0/below/inside.tif",
            "allowedtoo",
        ])
        {
            using HttpResponseMessage answer =
                await _server.Client.PostAsJsonAsync("/api/files/open", new { path = Path.Combine(_root.Path, path) });
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain("secret\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Neither_are_others()
    {
        foreach (string path in (string[])
        [
            "/etc/passwd",
            "etc/passwd",
            "../../../etc/passwd",
            "~/.ssh/id_rsa",
            "file:///etc/passwd",
        ])
        {
            using HttpResponseMessage answer = await _server.Client.PostAsJsonAsync("/api/files/open", new { path });
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            using HttpResponseMessage folder =
                await _server.Client.GetAsync($"/api/folders?path={Uri.EscapeDataString(path)}");
            Assert.Equal(HttpStatusCode.Forbidden, folder.StatusCode);
        }
    }

    [Fact]
    public async Task What_lies_below_the_root_is_listed_and_opened()
    {
        JsonElement listed = await _server.Client.GetFromJsonAsync<JsonElement>(
            $"/api/folders?path={Uri.EscapeDataString(_root["allowed"])}");
        Assert.Contains("below", listed.GetProperty("entries").EnumerateArray().Select(
            static entry => entry.GetProperty("name").GetString()));
        using HttpResponseMessage link =
            await _server.Client.PostAsJsonAsync("/api/files/open", new { path = _root["allowed/good.tif"] });
        JsonElement file = await RunningServer.Json(link);
        Assert.Equal("inside.tif", file.GetProperty("name").GetString());
        Assert.NotEmpty(file.GetProperty("failure").GetString()!);
        Assert.Equal(JsonValueKind.Null, file.GetProperty("image").ValueKind);
    }

    [Fact]
    public async Task Paths_of_requests_lead_nowhere()
    {
        foreach (string line in (string[])
        [
            "GET /page/../../etc/passwd HTTP/1.1",
            "GET /page/..%2f..%2fetc%2fpasswd HTTP/1.1",
            "GET /page/%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
            "GET /api/files/..%2f..%2fklar.db/download HTTP/1.1",
            "GET //etc/passwd HTTP/1.1",
        ])
        {
            string answer =
                await _server.Raw($"{line}\r\nHost: {new Uri(_server.Address).Authority}\r\nConnection: close\r\n\r\n");
            Assert.Matches("^HTTP/1.1 40[04]", answer);
            Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_foreign_name_is_refused()
    {
        foreach (string host in (string[])
        [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "127.0.0.1:1",
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Host = host.Contains(':', StringComparison.Ordinal)
                ? host
                : $"{host}:{new Uri(_server.Address).Port}";
            using HttpResponseMessage answer = await _server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_foreign_page_may_change_nothing_and_read_nothing()
    {
        foreach ((string header, string value) in ((string, string)[])
        [
            ("Origin", "http://evil.example"),
            ("Origin", "null"),
            ("Origin", "http://localhost:1"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ])
        {
            foreach ((HttpMethod method, string path) in new[] { (HttpMethod.Post, "/api/jobs"), (
                HttpMethod.Post,
                "/api/files?name=x.tif"), (HttpMethod.Delete, "/api/files/x"), (HttpMethod.Get, "/api/files") })
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Add(header, value);
                using HttpResponseMessage answer = await _server.Client.SendAsync(request);
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            }

            Assert.Equal("[]", await _server.Client.GetStringAsync("/api/files"));
        }
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_to_load_nothing_from_elsewhere()
    {
        foreach (string path in new[] { "/", "/compare", "/page/main.js", "/api/files", "/api/nothing", "/nothing" })
        {
            using HttpResponseMessage answer = await _server.Client.GetAsync(path);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith(
                "default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [SharedFact]
    public async Task Two_hundred_requests_at_once_are_all_answered()
    {
        JsonElement file = await _server.Upload(Noisy);
        string id = file.GetProperty("id").GetString()!;
        byte[] expected = await _server.Client.GetByteArrayAsync($"/api/files/{id}/pages/0");
        Assert.Equal(135 * 147, expected.Length);
        string[] paths = [.. Enumerable.Range(0, 200).Select(i => i % 8 == 0
            ? $"/api/files/{id}/pages/0"
            : i % 8 == 1
            ? "/"
            : i % 8 == 2
            ? "/api/nothing"
            : i % 8 == 3
            ? "/api/methods"
            : "/api/jobs")];
        HttpResponseMessage[] answers = await Task.WhenAll(paths.Select(path => _server.Client.GetAsync(path)));
        for (int i = 0; i < paths.Length; i++)
        {
            Assert.Equal(
                paths[i] == "/api/nothing" ? HttpStatusCode.NotFound : HttpStatusCode.OK, answers[i].StatusCode);
            if (paths[i].EndsWith("/pages/0", StringComparison.Ordinal))
            {
                Assert.Equal(expected, await answers[i].Content.ReadAsByteArrayAsync());
            }

            answers[i].Dispose();
        }
    }

    [SharedFact]
    public async Task Broken_files_are_a_line_and_the_server_goes_on()
    {
        string[] files = [.. Directory
            .EnumerateFiles(SharedData.PathOf("malformed"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Where(static (_, i) => i % 90 == 7)];
        Assert.True(files.Length >= 8);
        foreach (string path in files)
        {
            JsonElement file = await _server.Upload(path);
            bool opens = file.GetProperty("image").ValueKind == JsonValueKind.Object;
            Assert.NotEqual(opens, file.GetProperty("failure").ValueKind == JsonValueKind.String);
            using HttpResponseMessage page =
                await _server.Client.GetAsync($"/api/files/{file.GetProperty("id").GetString()}/pages/0");
            Assert.Contains(
                page.StatusCode,
                new[] { HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.RequestEntityTooLarge });
            if (!opens)
            {
                Assert.DoesNotContain('\n', file.GetProperty("failure").GetString()!);
            }
        }

        Assert.True(_server.IsAlive);
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused_in_a_line()
    {
        foreach (string body in (string[])
        [
            "{",
            "[]",
            "null",
            "{}",
            "{\"kind\":\"Denoise\",\"file\":\"x\"}",
            "{\"kind\":\"Denoise\",\"file\":null,\"settings\":{}}",
            "{\"kind\":\"Denoise\",\"file\":\"x\",\"settings\":{\"strength\":\"much\"}}",
            "{\"kind\":\"Denoise\",\"file\":\"x\",\"settings\":{\"seed\":-1}}",
            "{\"kind\":\"Denoise\",\"file\":\"x\",\"settings\":{}}",
            "{\"kind\":\"Format\",\"file\":\"x\",\"settings\":{}}",
        ])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await _server.Client.PostAsync("/api/jobs", content);
            using var again = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage preview = await _server.Client.PostAsync("/api/preview", again);
            Assert.InRange((int)preview.StatusCode, 400, 499);
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()!);
        }
    }

    [SharedFact]
    public async Task Settings_can_only_be_settings()
    {
        foreach ((string name, string value) in ((string, string)[])
        [
            ("method", "/tmp/x.safetensors"),
            ("method", "--help"),
            ("sigma", "25 --output=/tmp/x"),
            ("sigma", "@/etc/passwd"),
            ("axes", "../x"),
            ("effort", "-x"),
        ])
        {
            string id = (await _server.Upload(Noisy)).GetProperty("id").GetString()!;
            using HttpResponseMessage answer = await _server.Client.PostAsJsonAsync(
                "/api/jobs",
                new { kind = "Denoise", file = id, settings = new Dictionary<string, string> { [name] = value } });

            // A model may be used from below a --root, as any file may; this one is not.
            Assert.Equal(
                value.StartsWith('/') ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("[]", await _server.Client.GetStringAsync("/api/jobs"));
        }
    }

    [Fact]
    public void A_state_in_use_is_refused_in_a_line()
    {
        (int code, string error) = RunningServer.Klar("serve", "--port", "0", "--state", _server.State);
        Assert.Equal(1, code);
        Assert.Equal($"klar: {_server.State} is in use by another klar serve (--state takes another folder)\n", error);
    }

    [Fact]
    public void A_port_in_use_is_refused_in_a_line()
    {
        using var other = new TemporaryFolder();
        (int code, string error) =
            RunningServer.Klar("serve", "--port", $"{new Uri(_server.Address).Port}", "--state", other["state"]);
        Assert.Equal(1, code);
        Assert.Matches("^klar: [^\n]*address already in use[^\n]*\n$", error);
    }

    [Fact]
    public async Task Who_comes_from_elsewhere_needs_the_token()
    {
        using var open = new RunningServer("--listen", "127.0.0.1");
        var address = new Uri(open.Address);
        Assert.Matches(@"^\?token=[0-9a-f]{32}$", address.Query);
        using var cookies = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(cookies) { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/files")).StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await client.GetAsync("/?token=00000000000000000000000000000000")).StatusCode);
        using HttpResponseMessage first = await client.GetAsync(address.PathAndQuery);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (first.StatusCode, first.Headers.Location?.ToString()));
        Assert.Contains(
            "httponly", Assert.Single(first.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/files")).StatusCode);
    }
}
