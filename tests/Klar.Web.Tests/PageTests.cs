using System.Globalization;
using System.Text.RegularExpressions;
using Klar.Formats;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>The page as a person uses it, in a real browser.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class PageTests(Browser browser) : IDisposable
{
    private static readonly string Cells =
        SharedData.Folder is null ? string.Empty : SharedData.PathOf("noisy/xy_calibrated_16bit__cells_eres_noisy.tif");
    private static readonly string Stack =
        SharedData.Folder is null ? string.Empty : SharedData.PathOf("stacks/imagej/xyzc_16bit__spots.tif");

    private static readonly PageGetByRoleOptions Slice = new() { Name = "slice", Exact = true },
        Channel = new() { Name = "channel", Exact = true };

    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server =
        SharedData.Folder is null ? new RunningServer() : new RunningServer("--root", SharedData.PathOf("."));

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [SharedFact]
    public async Task From_a_noisy_file_to_the_clean_one()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Cells);
        await Expect(page.Locator("#files .file")).ToContainTextAsync("512 × 512 uint16");

        // One job is cancelled, another comes to its end.
        await page.Locator("#method").SelectOptionAsync("klar");
        await page.Locator("#effort").SelectOptionAsync("best");
        await page.Locator("#run").ClickAsync();
        await page.Locator("#effort").SelectOptionAsync("fast");
        await page.Locator("#run").ClickAsync();
        ILocator first = page.Locator(".job[data-id='1']"), second = page.Locator(".job[data-id='2']");
        await Expect(first.Locator("progress")).ToBeVisibleAsync();
        await Expect(first.Locator(".left")).ToContainTextAsync("left");
        await Expect(second.Locator(".state")).ToHaveTextAsync("waiting");
        await first.GetByText("Cancel").ClickAsync();
        await Expect(first.Locator(".state")).ToHaveTextAsync("cancelled");
        await Expect(second.Locator(".state")).ToContainTextAsync("done");

        // The result is shown as soon as it is there, under the curtain.
        await Expect(page.Locator(".modes input[value=curtain]")).ToBeCheckedAsync();
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("klar");
        await Expect(page.Locator("#says")).ToContainTextAsync("klar is done");

        // The download has the bytes of the command line.
        IDownload download = await page.RunAndWaitForDownloadAsync(() => second.GetByText("Download").ClickAsync());
        Assert.Equal("xy_calibrated_16bit__cells_eres_noisy_denoised.tif", download.SuggestedFilename);
        await download.SaveAsAsync(_folder["page.tif"]);
        Assert.Equal(0, RunningServer.Klar(
            "denoise", Cells, "-m", "klar", "--effort", "fast", "-o", _folder["cli.tif"], "--quiet").Code);
        Assert.Equal(File.ReadAllBytes(_folder["cli.tif"]), File.ReadAllBytes(_folder["page.tif"]));

        // The values under the cursor are those of the files.
        (ushort[] noisy, ushort[] result) = (FileSamples.Of(Cells, 0), FileSamples.Of(_folder["cli.tif"], 0));
        ILocator canvas = page.Locator("canvas.picture");
        LocatorBoundingBoxResult box = (await canvas.BoundingBoxAsync())!;
        foreach ((float across, float down) in new[] { (0.5f, 0.5f), (0.41f, 0.3f), (0.6f, 0.72f) })
        {
            await page.Mouse.MoveAsync(box.X + (across * box.Width), box.Y + (down * box.Height));
            await Expect(window.Readout).ToContainTextAsync("difference");
            Match said = Values().Match((await window.Readout.TextContentAsync())!);
            int[] numbers = [.. said.Groups.Values.Skip(1).Select(
                static group => int.Parse(group.Value, CultureInfo.InvariantCulture))];
            int at = (numbers[1] * 512) + numbers[0];
            Assert.Equal(new[] { noisy[at], result[at], noisy[at] - result[at] }, numbers.Skip(2).ToArray());
        }

        // The curtain by mouse: at the very left everything is the result.
        LocatorBoundingBoxResult curtain = (await page.Locator(".curtain").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(curtain.X + (curtain.Width / 2), curtain.Y + 40);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X, curtain.Y + 40, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".curtain")).ToHaveAttributeAsync("aria-valuenow", "0");
    }

    [SharedFact]
    public async Task A_stack_is_walked_by_channel_and_slice()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Stack);
        using var stack = ImageStack.Open(Stack);
        int slices = stack.Axes.SizeOf('Z'), channels = stack.Axes.SizeOf('C');
        Assert.True(slices > 2 && channels > 1);
        await Expect(page.Locator("#axes-sliders input[type=range]")).ToHaveCountAsync(2);
        await page.Locator("canvas.picture").FocusAsync();
        foreach ((int z, int c) in new[] { (0, 0), (slices - 1, 1), (slices / 2, 0) })
        {
            await page.GetByRole(AriaRole.Slider, Slice).FillAsync($"{z}");
            await page.GetByRole(AriaRole.Slider, Channel).FillAsync($"{c}");
            await page.EvaluateAsync("() => klar.viewer.pointTo(40, 30)");
            int number = Enumerable.Range(0, stack.Pages).First(
                one => stack.Axes.PlaceOf(one, 'Z') == z && stack.Axes.PlaceOf(one, 'C') == c);
            await Expect(window.Readout)
                .ToHaveTextAsync($"x 40, y 30 · before {FileSamples.Of(Stack, number)[(30 * stack.Info.Width) + 40]}");
        }

        Assert.Equal($"{(slices / 2) + 1} of {slices}", await page
            .Locator("#axes-sliders output")
            .Nth(stack.Axes.Order.IndexOf('Z', StringComparison.Ordinal))
            .TextContentAsync());

        // Only this page, with all that a single image has; its slice alone shows a result.
        await page.Locator("#only-page").CheckAsync();
        await page.Locator("#method").SelectOptionAsync("bm3d");
        await page.Locator("#settings summary").ClickAsync();
        await page.Locator("#uncertainty").CheckAsync();
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(window.Readout).ToContainTextAsync("may be off by");
        await page.Locator(".modes").GetByText("Uncertainty").ClickAsync();
        await page.GetByRole(AriaRole.Slider, Slice).FillAsync("0");
        await Expect(page.Locator(".modes input[value=second]")).ToBeDisabledAsync();
    }

    [SharedFact]
    public async Task A_preview_appears_around_the_cross_and_is_what_the_whole_will_be()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Cells);
        await page.Locator("#method").SelectOptionAsync("median");
        await page.EvaluateAsync("() => klar.viewer.pointTo(300, 250)");
        await page.Locator("#preview").ClickAsync();
        await Expect(page.Locator("#says")).ToContainTextAsync("preview of 256 × 256 pixels from (172, 122) on");
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("median, preview");
        await Expect(window.Readout).ToContainTextAsync("median, preview");
        string preview = (await window.Readout.TextContentAsync())!;
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("median");
        await page.EvaluateAsync("() => klar.viewer.pointTo(300, 250)");
        await Expect(window.Readout)
            .ToHaveTextAsync(preview.Replace("median, preview", "median", StringComparison.Ordinal));
    }

    [SharedFact]
    public async Task By_keyboard_alone()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        // where a person goes on in the system's own dialog
        page.FileChooser += (_, chooser) => _ = chooser.SetFilesAsync(Cells);
        await Tab(page, "#drop");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#files .file")).ToHaveCountAsync(1);
        await Tab(page, "#method");
        await page.Keyboard.TypeAsync("median");
        await Tab(page, "#run");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(page.Locator(".modes input[value=curtain]")).ToBeCheckedAsync();
        await Tab(page, ".curtain", back: true);
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".curtain")).ToHaveAttributeAsync("aria-valuenow", "52");
        await page.Keyboard.PressAsync("Home");
        await Expect(page.Locator(".curtain")).ToHaveAttributeAsync("aria-valuenow", "0");
        await Tab(page, "canvas.picture", back: true);
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".zoom")).ToHaveTextAsync("100 %");
        await page.Keyboard.PressAsync("+");
        await Expect(page.Locator(".zoom")).ToHaveTextAsync("150 %");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await Expect(window.Readout).ToContainTextAsync("difference");
        string before = (await window.Readout.TextContentAsync())!;
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(window.Readout).Not.ToHaveTextAsync(before);
        await page.Keyboard.PressAsync("l");
        await Expect(page.Locator(".profile p")).ToContainTextAsync("pixels; before");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".profile")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator(".modes input[value=side]")).ToBeCheckedAsync();
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator(".modes input[value=first]")).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("0");
        await Expect(page.Locator(".zoom")).Not.ToHaveTextAsync("150 %");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#help")).ToBeHiddenAsync();
    }

    [SharedFact]
    public async Task A_file_below_a_root_is_opened_and_what_is_broken_is_said()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await page.GetByText("Folders on this machine").ClickAsync();
        await page.Locator("#folder button").First.ClickAsync();
        await page.Locator("#folder").GetByText("▸ noisy").ClickAsync();
        await page.Locator("#folder").GetByText("convallaria_1024.tif").ClickAsync();
        await Expect(page.Locator("#title")).ToHaveTextAsync("convallaria_1024.tif");
        File.WriteAllText(_folder["broken.tif"], "II*\0 nothing of it");
        await page.Locator("#choose").SetInputFilesAsync(_folder["broken.tif"]);
        await Expect(page.Locator("#files .failure")).ToHaveCountAsync(1);
        await Expect(page.Locator("#says.failure")).ToContainTextAsync("broken.tif");
    }

    [SharedFact]
    public async Task What_is_dropped_anywhere_on_the_page_is_sent()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        string file = Convert.ToBase64String(await File.ReadAllBytesAsync(Cells));
        await page.EvaluateAsync(
            """
            file => {
              const transfer = new DataTransfer(), bytes = Uint8Array.from(atob(file), letter => letter.charCodeAt(0));
              transfer.items.add(new File([bytes], "dropped cells.tif"));
              for (const type of ["dragover", "drop"]) document.querySelector("main").dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
            """,
            file);
        await window.Shown("dropped cells.tif");
        await page.EvaluateAsync("() => klar.viewer.pointTo(7, 9)");
        await Expect(window.Readout).ToHaveTextAsync($"x 7, y 9 · before {FileSamples.Of(Cells, 0)[(9 * 512) + 7]}");

        // It is still in the list when the page is opened again, and gone once it is removed.
        await page.ReloadAsync();
        await Expect(page.Locator("#files .file")).ToContainTextAsync("dropped cells.tif");
        await page.GetByLabel("remove dropped cells.tif").ClickAsync();
        await Expect(page.Locator("#files .file")).ToHaveCountAsync(0);
        for (int tries = 0; Entries().Any() && tries < 1000; tries++)
        {
            await Task.Delay(50); // the list changes first
        }

        Assert.Empty(Entries());

        IEnumerable<string> Entries() => Directory.EnumerateFileSystemEntries(Path.Combine(_server.State, "files"));
    }

    [SharedFact]
    public async Task Methods_are_compared_and_pictures_stand_beside_each_other()
    {
        await using Window window = await browser.Open(_server, "/compare");
        IPage page = window.Page;
        await window.Choose(SharedData.PathOf("clean/cell.png"));
        foreach (string method in new[] { "klar", "bm3d", "zs-n2n" })
        {
            await page.Locator($"#methods input[value={method}]").UncheckAsync();
        }

        await page.Locator("#settings summary").ClickAsync();
        await page.Locator("#crop").FillAsync("128");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await Expect(page.Locator("#table tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator("#table td.best")).ToHaveCountAsync(2);
        await Expect(page.Locator(".name.left")).ToHaveTextAsync("noisy");
        await page.Locator("#right").SelectOptionAsync("median");
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("median");
        IPage report = await page.Context.RunAndWaitForPageAsync(
            () => page.Locator("#downloads").GetByText("Report").ClickAsync());
        await Expect(report.Locator("h1")).ToHaveTextAsync("Comparison of denoisers");
        IDownload download = await page.RunAndWaitForDownloadAsync(
            () => page.Locator("#downloads").GetByText("Table as csv").ClickAsync());
        await download.SaveAsAsync(_folder["table.csv"]);
        Assert.Equal(7, File.ReadAllLines(_folder["table.csv"]).Length);
    }

    /// <summary>Goes on with the Tab key until the element has the focus.</summary>
    private static async Task Tab(IPage page, string selector, bool back = false)
    {
        for (int i = 0; i < 80; i++)
        {
            if (await page.EvaluateAsync<bool>(
                "selector => document.activeElement?.matches(selector) ?? false", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
        }

        Assert.Fail($"{selector} is not reached by Tab");
    }

    [GeneratedRegex(@"^x (\d+), y (\d+) · before (\d+) · klar (\d+) · difference (-?\d+)$")]
    private static partial Regex Values();
}
