using System.Net.Http.Json;
using System.Text.Json;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>What the browser keeps of a user's settings, and the methods that are a user's own.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server;
    private readonly Browser _browser;

    public SettingsTests(Browser browser)
    {
        _browser = browser;
        Directory.CreateDirectory(_folder["root/models"]);
        _server = new RunningServer("--root", _folder["root"]);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Presets_and_folded_panels_are_remembered()
    {
        await using Window window = await _browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await page.Locator("#method").SelectOptionAsync("median");
        await page.Locator("#more-settings > summary").ClickAsync();
        await page.Locator("#options [name=size]").FillAsync("5");
        await page.Locator("#residual").CheckAsync();
        await page.Locator("#keep-preset").ClickAsync();
        await Expect(page.Locator("#says.failure")).ToContainTextAsync("name");
        await page.Locator("#preset-name").FillAsync("plate 7 & 8");
        await page.Locator("#keep-preset").ClickAsync();
        await page.Locator("#reset").ClickAsync();
        await page.Locator("#method").SelectOptionAsync("bm3d");

        // The picture takes the place of panels that are folded.
        float before = (await page.Locator("canvas.picture").BoundingBoxAsync())!.Width;
        await page.Locator("[data-fold=left]").ClickAsync();
        await Expect(page.Locator("#files-panel")).ToBeHiddenAsync();
        Assert.True((await page.Locator("canvas.picture").BoundingBoxAsync())!.Width > before + 200);

        await page.ReloadAsync();
        await window.Shown("cells.tif");
        await Expect(page.Locator("#files-panel")).ToBeHiddenAsync();
        await page.Locator("[data-fold=left]").ClickAsync();
        await Expect(page.Locator("#files-panel")).ToBeVisibleAsync();
        await page.Locator("#more-settings > summary").ClickAsync();
        await page.Locator("#preset").SelectOptionAsync("plate 7 & 8");
        await Expect(page.Locator("#method")).ToHaveValueAsync("median");
        await Expect(page.Locator("#options [name=size]")).ToHaveValueAsync("5");
        await Expect(page.Locator("#residual")).ToBeCheckedAsync();
        await page.Locator("#forget-preset").ClickAsync();
        await Expect(page.Locator("#preset option")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_model_of_klar_train_below_a_root_is_a_method()
    {
        string model = _folder["root/models/cells.safetensors"];
        Pictures.Cells(_folder["root/cells.tif"]);
        (int code, string error) = RunningServer.Klar(
            "train", "neighbor2neighbor", _folder["root/cells.tif"], "-o", model, "--steps", "4", "--quiet");
        Assert.Equal((0, string.Empty), (code, error));
        await using Window window = await _browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(_folder["root/cells.tif"]);
        await Expect(page.Locator("#method optgroup option")).ToHaveTextAsync("models/cells.safetensors");
        await page.Locator("#method").SelectOptionAsync(model);
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state").First).ToContainTextAsync("done");
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("cells.safetensors");
        await Expect(page.Locator("#title")).ToHaveTextAsync("cells.tif: cells.safetensors");

        // One that is elsewhere is out of reach, and so is what is no model.
        JsonElement[] files = (await _server.Client.GetFromJsonAsync<JsonElement[]>("/api/files"))!;
        string id = files[0].GetProperty("id").GetString()!;
        File.Copy(model, _folder["elsewhere.safetensors"]);
        foreach (string method in (string[])[_folder["elsewhere.safetensors"], _folder["root/cells.tif"], "--help"])
        {
            using HttpResponseMessage answer = await _server.Client.PostAsJsonAsync(
                "/api/jobs", new { kind = "Denoise", file = id, settings = new { method } });
            Assert.Contains((int)answer.StatusCode, (int[])[400, 403]);
        }
    }

    [Fact]
    public async Task A_browser_without_WebGL2_is_told_so()
    {
        await using Window window = await _browser.Open(_server);
        window.ExpectErrors();
        await window.Page.AddInitScriptAsync("HTMLCanvasElement.prototype.getContext = () => null");
        await window.Page.ReloadAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("WebGL2");
    }
}
