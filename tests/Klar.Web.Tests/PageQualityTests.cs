using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Klar.Formats;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>How fast the page is, how large, how typed, and whether everybody can use it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PageQualityTests(Browser browser) : IDisposable
{
    private static readonly string Here = Path.Combine(Repository.Folder, "tests", "Klar.Web.Tests"),
        Source = Path.Combine(Repository.Folder, "src", "Klar.Web", "Page");

    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/compare")]
    public async Task All_that_a_page_loads_is_below_200_kilobytes(string path)
    {
        await using Window window = await browser.Open(_server, path);
        string[] loaded = await window.Page.EvaluateAsync<string[]>(
            "() => performance.getEntriesByType('resource').map(one => new URL(one.name).pathname).filter(one => "
                + "one.startsWith('/page/'))");
        Assert.Contains("/page/viewer.js", loaded);
        string[] files =
        [
            path == "/" ? "index.html" : "compare.html",
            .. loaded.Distinct().Select(static one => one["/page/".Length..])
        ];
        Assert.InRange(files.Sum(static file => new FileInfo(Path.Combine(Source, file)).Length), 50_000, 200_000);
    }

    [Fact]
    public void It_has_no_script_or_style_inside_of_its_markup_and_names_no_other_place()
    {
        foreach (string file in Directory.EnumerateFiles(Source))
        {
            string text =
                File.ReadAllText(file).Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal);
            Assert.DoesNotMatch("https?://|//cdn|@import", text);
            if (file.EndsWith(".html", StringComparison.Ordinal))
            {
                Assert.DoesNotMatch(@"\son\w+=|\sstyle=|<style|<script(?![^>]* src=)", text);
            }
        }
    }

    [Fact]
    public void Its_types_are_right()
    {
        string compiler = Path.Combine(Here, "node_modules", "typescript", "bin", "tsc");
        string[] arguments = [compiler, "-p", Path.Combine(Here, "jsconfig.json")];
        using Process tsc = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        string said = tsc.StandardOutput.ReadToEnd();
        tsc.WaitForExit();
        Assert.True(tsc.ExitCode == 0, said);
    }

    [Fact]
    [Trait("Category", "Long")] // a machine's speed decides
    public async Task The_first_paint_comes_within_half_a_second()
    {
        await using (await browser.Open(_server))
        {
            // Once, so that the browser itself has started.
        }

        var times = new List<double>();
        for (int i = 0; i < 3; i++)
        {
            await using Window window = await browser.Open(_server);
            times.Add(await window.Page.EvaluateAsync<double>(
                "() => new Promise(done => new PerformanceObserver((list, me) => { me.disconnect(); "
                    + "done(list.getEntries()[0].startTime); }).observe({ type: 'paint', buffered: true }))"));
        }

        Assert.InRange(times.Order().ElementAt(1), 1, 500);
    }

    [Fact]
    public async Task Four_megapixels_go_to_the_gpu_once_however_often_they_are_drawn() =>
        Assert.NotEmpty(await FramesOfFourMegapixels());

    [Fact]
    [Trait("Category", "Long")] // a machine's speed decides
    public async Task A_frame_of_four_megapixels_takes_little_script()
    {
        double[] frames = await FramesOfFourMegapixels();
        Assert.InRange(frames.Order().ElementAt(frames.Length / 2), 0, 4);
    }

    /// <summary>Milliseconds of script for each frame of a large picture that is zoomed and dragged.</summary>
    private async Task<double[]> FramesOfFourMegapixels()
    {
        const int Side = 2048;
        var plane = Plane.Create(Side, Side, 0, static (to, _) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = ((i * 2654435761u) >> 8) % 4096 / 4096f;
            }
        });
        ImageFile.Write(
            _folder["large.tif"], new Image(plane, new SampleScale(0, 4096, Bounded: true)), SampleType.UInt16);
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(_folder["large.tif"]);
        await Expect(page.Locator("#files .file")).ToContainTextAsync("2048 × 2048 uint16");
        await page.WaitForFunctionAsync("() => klar.viewer.renderer.uploads === 1");
        int from = await page.EvaluateAsync<int>("() => klar.viewer.stats.scriptMs.length");
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 300, box.Y + 300);
        for (int i = 0; i < 6; i++)
        {
            await page.Mouse.WheelAsync(0, i < 4 ? -300 : 200);
            await window.Frames();
        }

        await page.Mouse.DownAsync();
        for (int i = 0; i < 30; i++)
        {
            await page.Mouse.MoveAsync(box.X + 300 + (6 * i), box.Y + 300 + (4 * i));
            await window.Frames();
        }

        await page.Mouse.UpAsync();
        double[] frames = await page.EvaluateAsync<double[]>("from => klar.viewer.stats.scriptMs.slice(from)", from);
        Assert.True(frames.Length >= 30, $"{frames.Length} frames");
        Assert.Equal(1, await page.EvaluateAsync<int>("() => klar.viewer.renderer.uploads"));
        return frames;
    }

    [SharedTheory]
    [InlineData("/", ColorScheme.Light)]
    [InlineData("/", ColorScheme.Dark)]
    [InlineData("/compare", ColorScheme.Light)]
    [InlineData("/compare", ColorScheme.Dark)]
    public async Task Nothing_keeps_anybody_from_using_it(string path, ColorScheme scheme)
    {
        await using Window window = await browser.Open(_server, path, scheme);
        IPage page = window.Page;
        await Expect(page.Locator(path == "/" ? "#welcome" : "#run")).ToBeVisibleAsync();
        Assert.Empty(await Violations(page));
        await window.Choose(
            SharedData.PathOf(path == "/" ? "noisy/xy_calibrated_16bit__cells_eres_noisy.tif" : "clean/cell.png"));
        foreach (ILocator summary in await page.Locator("#settings summary").AllAsync())
        {
            await summary.ClickAsync();
        }

        if (path == "/")
        {
            await page.Locator("#method").SelectOptionAsync("bm3d");
        }
        else
        {
            await page.Locator("#crop").FillAsync("96");
            foreach (string method in new[] { "klar", "zs-n2n", "bm3d" })
            {
                await page.Locator($"#methods input[value={method}]").UncheckAsync();
            }
        }

        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await page.Locator(".job summary").ClickAsync();
        await page.Locator("canvas.picture").FocusAsync();
        await page.Keyboard.PressAsync("l");
        await window.Frames();
        Assert.Empty(await Violations(page));
        if (path == "/")
        {
            await page.Keyboard.PressAsync("?");
            Assert.Empty(await Violations(page));
        }
    }

    [SharedFact]
    public async Task Nor_from_reading_a_report()
    {
        Assert.Equal(0, RunningServer.Klar(
            "compare", SharedData.PathOf("clean/cell.png"), "--noise", "gaussian:25", "--methods", "median,wiener",
            "--crop", "96", "-o", _folder["c"], "--quiet").Code);
        Assert.Equal(0, RunningServer.Klar(
            "denoise", SharedData.PathOf("noisy/xy_8bit__nuclei_very_noisy.tif"), "-m", "bm3d", "--report", "-o",
            _folder["d.tif"], "--quiet").Code);
        foreach (string report in new[] { _folder["c/report.html"], _folder["d_report.html"] })
        {
            foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using Window window = await browser.Open(_server, scheme: scheme);
                IPage page = await window.Page.Context.NewPageAsync();
                await page.GotoAsync(new Uri(report).AbsoluteUri);
                Assert.Empty(await Violations(page));
                await page.SetViewportSizeAsync(390, 800);
                int wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
                Assert.True(wide <= 390, $"{report} is {wide} pixels wide on a phone");
            }
        }
    }

    /// <summary>What axe-core finds that is serious or critical.</summary>
    private static async Task<IReadOnlyList<string>> Violations(IPage page)
    {
        await page.EvaluateAsync(
            await File.ReadAllTextAsync(Path.Combine(Here, "node_modules", "axe-core", "axe.min.js")) + "; 0");
        JsonElement found = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: "
            + "['violations'] }).then(result => result.violations.map(v => ({ id: v.id, impact: v.impact, nodes: "
            + "v.nodes.map(n => n.html) })))");
        return [.. found
            .EnumerateArray()
            .Where(static one => one.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(static one => Regex.Replace(one.ToString(), @"\s+", " "))];
    }
}
