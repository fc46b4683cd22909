using Microsoft.Playwright;

namespace Klar.Web.Tests;

/// <summary>A real Chromium without a window, shared by all tests; WebGL2 is drawn in software.</summary>
public sealed class Browser : IAsyncLifetime
{
    // The one without a window system of its own is a third faster.
    private static readonly string[] Programs =
    [
        "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        // No verdict depends on how fast the machine is: what is waited for may take its time, and fails only if it
        // never comes.
        Assertions.SetDefaultExpectTimeout(180_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Programs.First(File.Exists),
            Args =
            [
                "--no-sandbox", "--enable-unsafe-swiftshader", "--use-gl=angle", "--use-angle=swiftshader",
                "--disable-gpu-compositing", "--disable-gpu-rasterization",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await _browser!.CloseAsync();
        _playwright!.Dispose();
    }

    /// <summary>A fresh window on an address, watched for errors and for requests to anywhere else.</summary>
    internal async Task<Window> Open(
        RunningServer server, string path = "/", ColorScheme scheme = ColorScheme.Light, bool touch = false,
        bool motion = false)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1400, Height = 950 },
            ColorScheme = scheme,
            ReducedMotion = motion ? ReducedMotion.NoPreference : ReducedMotion.Reduce,
            HasTouch = touch,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(180_000);
        string theme = scheme == ColorScheme.Light ? "light" : "dark";
        await context.AddInitScriptAsync(
            $"localStorage.getItem('klar-theme') ?? localStorage.setItem('klar-theme', '{theme}')");
        IPage page = await context.NewPageAsync();
        var window = new Window(page, server.Address);
        await page.GotoAsync(
            server.Address + path, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.Locator("#method option, #methods input").First.WaitForAsync(
            new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        return window;
    }
}

/// <summary>A window of the browser. When it is closed, nothing must have gone wrong in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly List<string> _wrong = [];
    private bool _expectsErrors;

    public Window(IPage page, string address)
    {
        Page = page;
        page.PageError += (_, error) => _wrong.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _wrong.Add(message.Text);
            }
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _wrong.Add($"a request to {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public ILocator Readout => Page.Locator(".readout");

    /// <summary>Sends files as a user would and waits until the picture is there.</summary>
    public async Task Choose(params string[] files)
    {
        await Page.Locator("#choose").SetInputFilesAsync(files);
        await Assertions.Expect(Page.Locator("#files .file")).ToHaveCountAsync(files.Length);
        // the list may know it before it is shown
        await Assertions.Expect(Page.Locator("#files .chosen")).ToHaveCountAsync(1);
        await Assertions.Expect(Page.Locator("#viewer")).Not.ToHaveAttributeAsync("aria-busy", "true");
        await Frames();
    }

    /// <summary>From here on something goes wrong on purpose.</summary>
    public void ExpectErrors() => _expectsErrors = true;

    /// <summary>Denoises what is shown and waits for its result.</summary>
    public async Task Run(string method)
    {
        await Page.Locator("#method").SelectOptionAsync(method);
        await Page.Locator("#run").ClickAsync();
        await Assertions.Expect(Page.Locator(".job .state").First).ToContainTextAsync("done");
        await Assertions.Expect(Page.Locator(".name.right")).ToHaveTextAsync(method);
        await Assertions.Expect(Page.Locator(".chip")).ToBeVisibleAsync();
    }

    /// <summary>Waits until what was asked for is fetched and drawn.</summary>
    public async Task Idle()
    {
        await Assertions.Expect(Page.Locator("#viewer")).ToHaveAttributeAsync("aria-busy", "false");
        await Frames();
    }

    /// <summary>Drags from one place of the canvas to another.</summary>
    public async Task Drag(float left, float top, float toLeft, float toTop)
    {
        LocatorBoundingBoxResult box = (await Page.Locator("canvas.picture").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + left, box.Y + top);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + toLeft, box.Y + toTop, new MouseMoveOptions { Steps = 8 });
        await Page.Mouse.UpAsync();
        await Frames();
    }

    /// <summary>Waits until the file of that name is shown.</summary>
    public async Task Shown(string name)
    {
        await Assertions.Expect(Page.Locator("#title")).ToHaveTextAsync(name);
        await Assertions.Expect(Page.Locator("#viewer")).ToHaveAttributeAsync("aria-busy", "false");
    }

    /// <summary>Waits until what was asked for is drawn.</summary>
    public Task Frames() => Page.EvaluateAsync(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))");

    /// <summary>
    /// Red, green and blue of a pixel of the canvas, counted from its corner as the page lays it out.
    /// </summary>
    public async Task<int[]> Pixel(double x, double y)
    {
        await Frames();
        return await Page.EvaluateAsync<int[]>(
            """
            ([x, y]) => {
              const from = document.querySelector("canvas.picture"), to = document.createElement("canvas"), ratio = from.width / from.clientWidth;
              [to.width, to.height] = [1, 1];
              const pen = to.getContext("2d");
              pen.drawImage(from, Math.floor(x * ratio), Math.floor(y * ratio), 1, 1, 0, 0, 1, 1);
              return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
            }
            """,
            new[] { x, y });
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.True(_expectsErrors || _wrong.Count == 0, string.Join('\n', _wrong));
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Browser>
{
    public const string Name = "browser";
}
