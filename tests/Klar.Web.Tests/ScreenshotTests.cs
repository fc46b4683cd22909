using Klar.Formats;
using Klar.Reports;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>
/// Every view of the page, drawn and kept under artifacts/screenshots, to be looked at; those of the README are from
/// there.
/// </summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", Long.Category)]
public sealed class ScreenshotTests(Browser browser) : IDisposable
{
    private static readonly string Place = Path.Combine(Repository.Folder, "artifacts", "screenshots");

    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Of_the_first_look_and_of_one_picture(ColorScheme scheme)
    {
        string file = Pictures.Cells(_folder["cells.tif"], 512);
        await using Window window = await browser.Open(_server, scheme: scheme);
        IPage page = window.Page;
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('#samples img')].every(one => one.naturalWidth > 100)");
        await InAllSizes(page, $"{Name(scheme)}-welcome");
        await window.Choose(file);
        await page.Locator("#settings summary").ClickAsync();
        await page.Locator("#uncertainty").CheckAsync();
        await page.Locator("#report").CheckAsync();
        await page.Locator("#settings summary").ClickAsync();
        await page.Locator("#effort").SelectOptionAsync("fast");
        await window.Run("klar");
        await page.EvaluateAsync("() => klar.viewer.pointTo(250, 260)");
        foreach (string mode in new[] { "curtain", "side", "residual", "uncertainty" })
        {
            await page.EvaluateAsync("mode => klar.viewer.setMode(mode)", mode);
            Assert.True(await Tones(window) > 40, $"{mode} is blank");
            await InAllSizes(page, $"{Name(scheme)}-{mode}");
        }

        await page.EvaluateAsync("() => { klar.viewer.setMode('curtain'); klar.viewer.zoomTo(4); "
            + "klar.viewer.contrast.set({ lut: 'inferno' }); }");
        await page.Locator("canvas.picture").FocusAsync();
        await page.Keyboard.PressAsync("l");
        Assert.True(await Tones(window) > 40);
        await InAllSizes(page, $"{Name(scheme)}-profile");
        IPage report = await page.Context.RunAndWaitForPageAsync(async () =>
        {
            await page.Locator(".job summary").ClickAsync();
            await page.Locator(".job").GetByText("open ").ClickAsync();
        });
        await report.SetViewportSizeAsync(1100, 1400);
        await report.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(Place, $"{Name(scheme)}-report.png"), FullPage = true });
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Of_a_stack_under_a_live_preview(ColorScheme scheme)
    {
        await using Window window = await browser.Open(_server, scheme: scheme);
        IPage page = window.Page;
        await window.Choose(Pictures.Stack(_folder["stack.tif"]));
        await InAllSizes(page, $"{Name(scheme)}-stack");
        await page.Locator("#method").SelectOptionAsync("bm3d");
        await page.EvaluateAsync("() => klar.viewer.zoomTo(4)");
        await page.Locator("#preview").ClickAsync();
        await Expect(page.Locator(".live")).ToContainTextAsync("bm3d, ");
        Assert.True(await Tones(window) > 40);
        await InAllSizes(page, $"{Name(scheme)}-live");
    }

    [Fact]
    public async Task Of_a_comparison_and_its_report_on_paper()
    {
        ImageFile.Write(_folder["cells.png"], DemoPicture.Create(256), SampleType.UInt8);
        await using Window window = await browser.Open(_server, "/compare", ColorScheme.Dark);
        IPage page = window.Page;
        await window.Choose(_folder["cells.png"]);
        await page.Locator("#methods input[value=zs-n2n]").UncheckAsync();
        await page.Locator("#methods input[value=lichi]").CheckAsync();
        await page.Locator("#effort").EvaluateAsync("select => select.value = 'fast'");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(page.Locator(".name.left")).ToHaveTextAsync("noisy");
        Assert.True(await Tones(window) > 40);
        await InAllSizes(page, "compare");
        IPage report = await page.Context.RunAndWaitForPageAsync(
            () => page.Locator("#downloads").GetByText("Report").ClickAsync());
        await report.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(Place, "compare-report.png"), FullPage = true });
        await report.PdfAsync(new PagePdfOptions
        {
            Path = Path.Combine(Place, "compare-report.pdf"),
            Format = "A4",
            PreferCSSPageSize = true,
            PrintBackground = true
        });
        Assert.True(new FileInfo(Path.Combine(Place, "compare-report.pdf")).Length > 20_000);
    }

    private static string Name(ColorScheme scheme) => scheme == ColorScheme.Light ? "light" : "dark";

    /// <summary>On a laptop, on a large screen, and on a phone.</summary>
    private static async Task InAllSizes(IPage page, string name)
    {
        foreach ((int width, int height) in new[] { (2560, 1440), (390, 844), (1440, 900) })
        {
            await page.SetViewportSizeAsync(width, height);
            await page.WaitForTimeoutAsync(500);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, $"{name}-{width}.png") });
        }
    }

    /// <summary>How many different colours the canvas shows.</summary>
    private static async Task<int> Tones(Window window)
    {
        await window.Frames();
        return await window.Page.EvaluateAsync<int>(
            """
            () => {
              const from = document.querySelector("canvas.picture"), to = document.createElement("canvas");
              [to.width, to.height] = [from.width, from.height];
              const pen = to.getContext("2d");
              pen.drawImage(from, 0, 0);
              return new Set(new Uint32Array(pen.getImageData(0, 0, to.width, to.height).data.buffer)).size;
            }
            """);
    }
}
