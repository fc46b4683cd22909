using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Klar.Tests.Support;

namespace Klar.Web.Tests;

/// <summary>
/// A real Firefox on a screen in memory, steered by the protocol that browsers have in common (WebDriver BiDi, W3C);
/// WebGL2 is drawn in software.
/// </summary>
internal sealed partial class Firefox : IAsyncDisposable
{
    private const string Program = "/usr/bin/firefox-esr";

    private const int MaxMessage = 1 << 16;

    private readonly TemporaryFolder _profile = new();
    private readonly Process _screen;
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _errors = [];
    private string _context = string.Empty;
    private int _commands;

    private Firefox(Process screen, Process process, TemporaryFolder profile) =>
        (_screen, _process, _profile) = (screen, process, profile);

    /// <summary>What the pages said went wrong.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Starts one with one window of a size.</summary>
    public static async Task<Firefox> Start(int width, int height)
    {
        var profile = new TemporaryFolder();
        File.WriteAllText(profile["user.js"], """user_pref("webgl.force-enabled", true);""");

        // Without any screen Firefox has no WebGL; Xvfb is one in memory, and says which number it has.
        Process screen = Process.Start(new ProcessStartInfo("Xvfb", ["-displayfd", "1", "-screen", "0", "1600x1200x24"])
        {
            RedirectStandardOutput = true,
        })!;
        string? display = await screen.StandardOutput.ReadLineAsync();
        var start = new ProcessStartInfo(
            Program, ["--no-remote", "--profile", profile.Path, "--remote-debugging-port", "0"])
        {
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = profile.Path;
        start.Environment["DISPLAY"] = $":{display}";
        var browser = new Firefox(screen, Process.Start(start)!, profile);
        string? address = null;
        while (address is null && await browser._process.StandardError.ReadLineAsync() is { } line)
        {
            address = Listening().Match(line) is { Success: true } match ? match.Groups[1].Value : null;
        }

        _ = browser._process.StandardError.ReadToEndAsync(); // so that what it says later never fills the pipe
        Assert.NotNull(address);
        await browser._socket.ConnectAsync(new Uri($"{address}/session"), CancellationToken.None);
        await browser.Send("session.new", new { capabilities = new { } });
        await browser.Send("session.subscribe", new { events = new[] { "log.entryAdded" } });
        JsonNode tree = await browser.Send("browsingContext.getTree", new { });
        browser._context = tree["contexts"]![0]!["context"]!.GetValue<string>();
        await browser.Send(
            "browsingContext.setViewport", new { context = browser._context, viewport = new { width, height } });
        return browser;
    }

    /// <summary>Opens a page and waits until it is loaded.</summary>
    public Task Open(string url) =>
        Send("browsingContext.navigate", new { context = _context, url, wait = "complete" });

    /// <summary>The value of an expression in the page, awaited if it is a promise, as JSON.</summary>
    public async Task<JsonElement> Evaluate(string expression)
    {
        JsonNode answer = await Send("script.evaluate", new
        {
            expression = $"(async () => JSON.stringify(await ({expression})))()",
            target = new { context = _context },
            awaitPromise = true,
        });
        Assert.True(answer["type"]!.GetValue<string>() == "success", $"{expression}: {answer}");
        return answer["result"]!["value"]?.GetValue<string>() is { } json
            ? JsonSerializer.Deserialize<JsonElement>(json)
            : default;
    }

    /// <summary>Waits until an expression is true; a page that never comes to it fails.</summary>
    public async Task Until(string expression)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(3);)
        {
            if ((await Evaluate(expression)).ValueKind == JsonValueKind.True)
            {
                return;
            }

            await Task.Delay(50);
        }

        string said = (await Evaluate("location.href + ' ' + document.body.innerText")).GetString()!;
        Assert.Fail($"in Firefox this never came true: {expression}\n{string.Join('\n', _errors)}\n{said}");
    }

    /// <summary>A click with the left button into the middle of an element.</summary>
    public async Task Click(string selector)
    {
        (int x, int y) = await Middle(selector);
        object[] actions =
        [
            new { type = "pointerMove", x, y }, new { type = "pointerDown", button = 0 },
            new { type = "pointerUp", button = 0 },
        ];
        await Act(new { type = "pointer", id = "mouse", actions });
    }

    /// <summary>Turns the wheel over an element, down for more than 0.</summary>
    public async Task Wheel(string selector, int deltaY)
    {
        (int x, int y) = await Middle(selector);
        object[] actions = [new { type = "scroll", x, y, deltaX = 0, deltaY }];
        await Act(new { type = "wheel", id = "wheel", actions });
    }

    /// <summary>Presses a key and lets it go.</summary>
    public Task Press(string value)
    {
        object[] actions = [new { type = "keyDown", value }, new { type = "keyUp", value }];
        return Act(new { type = "key", id = "keys", actions });
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        foreach (Process process in (Process[])[_process, _screen])
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _profile.Dispose();
    }

    private async Task<(int X, int Y)> Middle(string selector)
    {
        JsonElement at = await Evaluate(
            $$"""
            (box => [box.x + box.width / 2, box.y + box.height / 2].map(Math.round))(
              document.querySelector("{{selector}}").getBoundingClientRect())
            """);
        return (at[0].GetInt32(), at[1].GetInt32());
    }

    private Task<JsonNode> Act(object source) =>
        Send("input.performActions", new { context = _context, actions = new[] { source } });

    /// <summary>Sends a command and returns its answer; what comes in between is kept if it is an error.</summary>
    private async Task<JsonNode> Send(string method, object parameters)
    {
        int id = ++_commands;
        string command = JsonSerializer.Serialize(new { id, method, @params = parameters });
        byte[] text = Encoding.UTF8.GetBytes(command);
        await _socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            JsonNode message = await Receive();
            if (message["id"]?.GetValue<int>() == id)
            {
                Assert.True(message["type"]!.GetValue<string>() == "success", $"{method}: {message}");
                return message["result"]!;
            }

            if (message["params"] is { } entry && entry["level"]?.GetValue<string>() == "error")
            {
                _errors.Add(entry["text"]?.GetValue<string>() ?? "an error without words");
            }
        }
    }

    private async Task<JsonNode> Receive()
    {
        using var message = new MemoryStream();
        byte[] part = new byte[MaxMessage];
        WebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(part, CancellationToken.None);
            message.Write(part, 0, received.Count);
        }
        while (!received.EndOfMessage);

        return JsonNode.Parse(message.ToArray())!;
    }

    [GeneratedRegex("WebDriver BiDi listening on (ws://.*)$")]
    private static partial Regex Listening();
}
