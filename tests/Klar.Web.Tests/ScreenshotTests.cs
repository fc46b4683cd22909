using Klar.Formats;
using Klar.Imaging;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>Every view of the page, drawn and kept under artifacts/screenshots, to be looked at; those of the README are from there.</summary>
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
    public async Task Of_one_picture(ColorScheme scheme)
    {
        Image clean = DemoPicture.Create(512, 1);
        Image noisy = NoiseModel.Parse("poisson-gaussian:40:6").AddTo(clean, clip: true, new RunSettings { Seed = 1, Threads = 2 }, default);
        ImageFile.Write(_folder["cells.tif"], new Image(noisy.Planes, new SampleScale(100, 4000, Bounded: true)), SampleType.UInt16);
        await using Window window = await browser.Open(_server, scheme: scheme);
        IPage page = window.Page;
        await window.Choose(_folder["cells.tif"]);
        await page.Locator("#settings summary").ClickAsync();
        await page.Locator("#uncertainty").CheckAsync();
        await page.Locator("#report").CheckAsync();
        await page.Locator("#method").SelectOptionAsync("klar");
        await page.Locator("#effort").SelectOptionAsync("fast");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("klar");
        await page.Locator("#settings summary").ClickAsync();
        await page.EvaluateAsync("() => klar.viewer.pointTo(250, 260)");
        string name = scheme.ToString().ToLowerInvariant();
        foreach (string mode in new[] { "curtain", "side", "first", "second", "residual", "uncertainty" })
        {
            await page.EvaluateAsync("mode => klar.viewer.setMode(mode)", mode);
            Assert.True(await Tones(window) > 40, $"{mode} is blank");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, $"{name}-{mode}.png") });
        }

        await page.EvaluateAsync("() => { klar.viewer.setMode('curtain'); klar.viewer.zoomTo(4); klar.viewer.contrast.set({ lut: 'inferno' }); }");
        await page.Locator("canvas.picture").FocusAsync();
        await page.Keyboard.PressAsync("l");
        Assert.True(await Tones(window) > 40);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, $"{name}-profile.png") });
        await page.SetViewportSizeAsync(420, 900);
        await window.Frames();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, $"{name}-phone.png") });
        IPage report = await page.Context.RunAndWaitForPageAsync(async () =>
        {
            await page.Locator(".job summary").ClickAsync();
            await page.Locator(".job").GetByText("open ").ClickAsync();
        });
        await report.SetViewportSizeAsync(1100, 1400);
        await report.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, $"{name}-report.png"), FullPage = true });
    }

    [Fact]
    public async Task Of_a_comparison_and_its_report_on_paper()
    {
        ImageFile.Write(_folder["cells.png"], DemoPicture.Create(256), SampleType.UInt8);
        await using Window window = await browser.Open(_server, "/compare");
        IPage page = window.Page;
        await window.Choose(_folder["cells.png"]);
        await page.Locator("#methods input[value=zs-n2n]").UncheckAsync();
        await page.Locator("#methods input[value=lichi]").CheckAsync();
        await page.Locator("#effort").EvaluateAsync("select => select.value = 'fast'");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator("#table tbody tr").Nth(2)).ToBeVisibleAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, "compare-running.png") });
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(page.Locator(".name.left")).ToHaveTextAsync("noisy");
        Assert.True(await Tones(window) > 40);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, "compare.png"), FullPage = true });
        IPage report = await page.Context.RunAndWaitForPageAsync(() => page.Locator("#downloads").GetByText("Report").ClickAsync());
        await report.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Place, "compare-report.png"), FullPage = true });
        await report.PdfAsync(new PagePdfOptions { Path = Path.Combine(Place, "compare-report.pdf"), Format = "A4", PreferCSSPageSize = true, PrintBackground = true });
        Assert.True(new FileInfo(Path.Combine(Place, "compare-report.pdf")).Length > 20_000);
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
