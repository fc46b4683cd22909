using System.IO.Compression;
using System.Text.Json;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>
/// What makes the page an application: a first look, results as a moment, many files, and what is measured.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class ApplicationTests(Browser browser) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_first_look_goes_from_noisy_to_clear_with_one_click()
    {
        await using Window window = await browser.Open(_server, motion: true);
        IPage page = window.Page;
        await Expect(page.Locator("#welcome h2")).ToBeVisibleAsync();
        await Expect(page.Locator("#denoise-panel")).ToBeHiddenAsync();
        await Expect(page.Locator("#samples img")).ToHaveCountAsync(3);
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('#samples img')].every(one => one.naturalWidth > 100)");
        await page.EvaluateAsync(
            """
            () => {
              globalThis.seen = { least: 1, most: 0 };
              const note = () => {
                const { curtainAt } = klar.viewer, { least, most } = globalThis.seen;
                globalThis.seen = { least: Math.min(least, curtainAt), most: Math.max(most, curtainAt) };
                requestAnimationFrame(note);
              };
              note();
            }
            """);
        await page.Locator("[data-sample=cells]").ClickAsync();
        await window.Shown("sample cells.tif");
        await Expect(page.Locator(".chip")).ToContainTextAsync("trust");
        await Expect(page.Locator(".chip")).ToContainTextAsync("noise");
        await Expect(page.Locator(".job .trust")).ToHaveCountAsync(1);

        // The curtain goes once over the picture and rests in its middle.
        await page.WaitForFunctionAsync("() => seen.least < 0.1 && seen.most > 0.9");
        await page.WaitForFunctionAsync("() => Math.abs(klar.viewer.curtainAt - 0.5) < 1e-6");
    }

    [Fact]
    public async Task A_live_preview_stays_where_it_was_put_and_follows_the_settings()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"], 400));
        await window.Run("mean");
        await page.Locator("#method").SelectOptionAsync("median");
        await page.EvaluateAsync("() => klar.viewer.pointTo(200, 150)");
        await page.Locator("#preview").ClickAsync();
        await Expect(page.Locator(".live")).ToContainTextAsync("median, ");
        await Expect(page.Locator(".over .frame").First).ToBeVisibleAsync();
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("median, preview");
        await Expect(page.Locator(".curtain")).ToBeHiddenAsync();
        await page.Locator("#method").SelectOptionAsync("gaussian");
        await Expect(page.Locator(".live")).ToContainTextAsync("gaussian, ");
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("gaussian, preview");
        string before = (await page.Locator(".over .frame").First.GetAttributeAsync("x"))!;
        await window.Drag(100, 100, 101, 100); // a click
        await Expect(page.Locator(".over .frame").First).Not.ToHaveAttributeAsync("x", before);
        await Expect(page.Locator(".live")).ToContainTextAsync("gaussian, ");
        await page.Locator("#preview").ClickAsync();
        await Expect(page.Locator(".live")).ToBeHiddenAsync();
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("mean");
    }

    [Fact]
    public async Task Several_files_are_denoised_with_one_click_and_come_as_an_archive()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(
            Pictures.Cells(_folder["one.tif"]), Pictures.Cells(_folder["two.tif"], seed: 2),
            Pictures.Cells(_folder["three.tif"], seed: 3));
        await page.Locator("#method").SelectOptionAsync("median");
        await page.GetByLabel("choose one.tif").CheckAsync();
        await Expect(page.Locator("#run-many")).ToBeHiddenAsync();
        await page.Locator("#all-files").ClickAsync();
        await page.GetByText("Denoise 3 files").ClickAsync();
        await Expect(page.Locator(".job .state", new PageLocatorOptions { HasText = "done" })).ToHaveCountAsync(3);
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#zip").ClickAsync());
        await download.SaveAsAsync(_folder["all.zip"]);
        using ZipArchive archive = await ZipFile.OpenReadAsync(_folder["all.zip"]);
        Assert.Equal(
            ["one_denoised.tif", "three_denoised.tif", "two_denoised.tif"],
            archive.Entries
                .Select(static entry => entry.Name)
                .Where(static name => name.EndsWith(".tif", StringComparison.Ordinal))
                .Order());
        await archive.GetEntry("two_denoised.tif")!.ExtractToFileAsync(_folder["two_page.tif"]);
        Assert.Equal(0, RunningServer.Klar("denoise", _folder["two.tif"], "-m", "median", "--quiet").Code);
        Assert.Equal(File.ReadAllBytes(_folder["two_denoised.tif"]), File.ReadAllBytes(_folder["two_page.tif"]));
    }

    [Fact]
    public async Task Any_two_results_of_a_picture_stand_under_the_curtain()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("median");
        await Expect(page.Locator(".pair")).ToBeHiddenAsync();
        await window.Run("mean");
        await page.Locator(".pair-left").SelectOptionAsync("1");
        await Expect(page.Locator(".name.left")).ToHaveTextAsync("median");
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("mean");
        await page.EvaluateAsync("() => klar.viewer.pointTo(20, 30)");
        string said = (await window.Readout.TextContentAsync())!;
        Assert.StartsWith("x 20, y 30 · median ", said, StringComparison.Ordinal);
        Assert.Contains("mean ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_has_its_numbers_and_a_line_its_table()
    {
        string file = Pictures.Cells(_folder["cells.tif"]);
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(file);
        await window.Run("median");
        await page.Locator(".tools").GetByText("Region").ClickAsync();
        await window.Drag(150, 150, 300, 260);
        JsonElement area = await page.EvaluateAsync<JsonElement>("() => klar.viewer.area");
        int Of(string name) => area.GetProperty(name).GetInt32();
        ushort[] samples = FileSamples.Of(file, 0);
        double[] inside = [.. Enumerable.Range(Of("y"), Of("height")).SelectMany(y =>
            Enumerable.Range(Of("x"), Of("width")).Select(x => (double)samples[(y * 128) + x]))];
        Assert.True(inside.Length > 100);
        double mean = inside.Average(),
            deviation = Math.Sqrt(inside.Sum(value => Math.Pow(value - mean, 2)) / (inside.Length - 1));
        string[] cells = [.. await page.Locator(".region tbody tr").First.Locator("td").AllTextContentsAsync()];
        double Cell(int i) => double.Parse(cells[i], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([mean, deviation, mean / deviation], new[] { Cell(0), Cell(1), Cell(2) }, Nearly);
        await Expect(page.Locator(".region tbody tr")).ToHaveCountAsync(2);

        await page.Locator("canvas.picture").FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".region")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("l");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".csv").ClickAsync());
        await download.SaveAsAsync(_folder["profile.csv"]);
        string[] lines = File.ReadAllLines(_folder["profile.csv"]);
        Assert.Equal("pixels,\"before\",\"median\"", lines[0]);
        Assert.Equal(130, lines.Length);
    }

    [Fact]
    public async Task The_view_is_saved_as_a_picture_and_colours_are_explained()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("median");
        await page.Locator(".modes").GetByText("Removed").ClickAsync();
        await Expect(page.Locator(".key")).ToContainTextAsync("before minus after");
        await Expect(page.Locator(".key span").Nth(1)).ToHaveTextAsync("0");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".save").ClickAsync());
        Assert.Equal("cells_residual.png", download.SuggestedFilename);
        await download.SaveAsAsync(_folder["view.png"]);
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        Formats.ImageFileInfo info = Formats.ImageFile.Info(_folder["view.png"]);
        Assert.Equal(((int)box.Width, (int)box.Height), (info.Width, info.Height));
    }

    [Fact]
    public async Task Methods_are_ranked_where_there_is_no_clean_picture_and_no_stranger_is_proposed_as_one()
    {
        await using Window window = await browser.Open(_server, "/compare");
        IPage page = window.Page;
        await window.Choose(
            Pictures.Cells(_folder["cells_noisy.tif"]), Pictures.Cells(_folder["stranger.tif"], seed: 7));
        await page.Locator("#files .file").GetByText("cells_noisy.tif").ClickAsync();
        await page.Locator("#is-noisy").CheckAsync();
        await Expect(page.Locator("#reference")).ToHaveValueAsync(string.Empty);
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator("#run-why")).ToContainTextAsync("clean partner");
        await page.Locator("#choose").SetInputFilesAsync(Pictures.Cells(_folder["cells_clean.tif"], seed: 1));
        await Expect(page.Locator("#files .chosen")).ToContainTextAsync("cells_clean.tif");
        await page.Locator("#files .file").GetByText("cells_noisy.tif").ClickAsync();
        await Expect(page.Locator("#reference option:checked")).ToHaveTextAsync("cells_clean.tif");
        await page.Locator("#is-alone").CheckAsync();
        foreach (string method in new[] { "klar", "bm3d", "zs-n2n" })
        {
            await page.Locator($"#methods input[value={method}]").UncheckAsync();
        }

        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(page.Locator("#table tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator("#table tbody tr").First).Not.ToContainTextAsync("noisy");
        await Expect(page.Locator("#table-note")).ToContainTextAsync("estimated");
    }

    /// <summary>As the page writes numbers: five digits.</summary>
    private static bool Nearly(double expected, double seen) => Math.Abs(expected - seen) <= 1e-4 * Math.Abs(expected);
}
