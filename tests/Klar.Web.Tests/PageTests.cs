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
    private static readonly string Cells = SharedData.Folder is null ? string.Empty : SharedData.PathOf("noisy/xy_calibrated_16bit__cells_eres_noisy.tif");
    private static readonly string Stack = SharedData.Folder is null ? string.Empty : SharedData.PathOf("stacks/imagej/xyzc_16bit__spots.tif");

    private static readonly PageGetByRoleOptions Slice = new() { Name = "slice", Exact = true }, Channel = new() { Name = "channel", Exact = true };

    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = SharedData.Folder is null ? new RunningServer() : new RunningServer("--root", SharedData.PathOf("."));

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
        await Expect(first.Locator(".left")).ToContainTextAsync("left", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        await Expect(second.Locator(".state")).ToHaveTextAsync("waiting");
        await first.GetByText("Cancel").ClickAsync();
        await Expect(first.Locator(".state")).ToHaveTextAsync("cancelled");
        await Expect(second.Locator(".state")).ToContainTextAsync("done", new LocatorAssertionsToContainTextOptions { Timeout = 120_000 });

        // The result is shown as soon as it is there, under the curtain.
        await Expect(page.Locator(".modes input[value=curtain]")).ToBeCheckedAsync();
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("klar");
        await Expect(page.Locator("#says")).ToContainTextAsync("klar is done");

        // The download has the bytes of the command line.
        IDownload download = await page.RunAndWaitForDownloadAsync(() => second.GetByText("Download").ClickAsync());
        Assert.Equal("xy_calibrated_16bit__cells_eres_noisy_denoised.tif", download.SuggestedFilename);
        await download.SaveAsAsync(_folder["page.tif"]);
        Assert.Equal(0, RunningServer.Klar("denoise", Cells, "-m", "klar", "--effort", "fast", "-o", _folder["cli.tif"], "--quiet").Code);
        Assert.Equal(File.ReadAllBytes(_folder["cli.tif"]), File.ReadAllBytes(_folder["page.tif"]));

        // The values under the cursor are those of the files.
        (ushort[] noisy, ushort[] result) = (Samples(Cells, 0), Samples(_folder["cli.tif"], 0));
        ILocator canvas = page.Locator("canvas.picture");
        LocatorBoundingBoxResult box = (await canvas.BoundingBoxAsync())!;
        foreach ((float across, float down) in new[] { (0.5f, 0.5f), (0.41f, 0.3f), (0.6f, 0.72f) })
        {
            await page.Mouse.MoveAsync(box.X + (across * box.Width), box.Y + (down * box.Height));
            await Expect(window.Readout).ToContainTextAsync("difference");
            Match said = Values().Match((await window.Readout.TextContentAsync())!);
            int[] numbers = [.. said.Groups.Values.Skip(1).Select(static group => int.Parse(group.Value, CultureInfo.InvariantCulture))];
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
    public async Task What_is_drawn_is_what_the_samples_and_the_contrast_say()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Cells);
        ushort[] noisy = Samples(Cells, 0);
        await page.GetByText("1:1").ClickAsync();
        await page.Locator(".zooms .in").ClickAsync(new LocatorClickOptions { ClickCount = 3 });
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        await page.GetByText("Full range").ClickAsync();
        (int least, int most) = (noisy.Min(), noisy.Max());
        foreach ((float across, float down) in new[] { (300.5f, 200.5f), (411.25f, 280.75f), (500, 120) })
        {
            await page.Mouse.MoveAsync(box.X + across, box.Y + down);
            await window.Frames();
            Match said = Regex.Match((await window.Readout.TextContentAsync())!, @"x (\d+), y (\d+) · before (\d+)");
            int value = int.Parse(said.Groups[3].Value, CultureInfo.InvariantCulture), at = (int.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture) * 512) + int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal(noisy[at], value);
            int[] pixel = await window.Pixel(across, down);
            Assert.All(pixel, tone => Assert.InRange(tone, (255.0 * (value - least) / (most - least)) - 1.5, (255.0 * (value - least) / (most - least)) + 1.5));
        }

        // Another table of colours, another colour; black above a value makes it black.
        await page.Locator("select.lut").SelectOptionAsync("green");
        Assert.Equal((0, 0), ((await window.Pixel(500, 120))[0], (await window.Pixel(500, 120))[2]));
        await page.EvaluateAsync("most => klar.viewer.contrast.set({ black: most - 1, white: most })", most);
        Assert.Equal(new[] { 0, 0, 0 }, await window.Pixel(500, 120));

        // Handles of the histogram follow the pointer.
        LocatorBoundingBoxResult histogram = (await page.Locator("canvas.histogram").BoundingBoxAsync())!;
        await page.GetByText("Full range").ClickAsync();
        await page.Mouse.MoveAsync(histogram.X + 3, histogram.Y + 30);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(histogram.X + (histogram.Width / 4), histogram.Y + 30, new MouseMoveOptions { Steps = 5 });
        await page.Mouse.UpAsync();
        Assert.InRange(await page.EvaluateAsync<double>("() => klar.viewer.contrast.value.black"), least + (0.24 * (most - least)), least + (0.26 * (most - least)));
        await page.GetByText("Auto", new PageGetByTextOptions { Exact = true }).ClickAsync();
        Assert.InRange(await page.EvaluateAsync<double>("() => klar.viewer.contrast.value.black"), least, least + (0.24 * (most - least)));
    }

    [SharedFact]
    public async Task The_scale_bar_is_as_long_as_it_says()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Cells);
        await Expect(page.Locator(".scale")).ToBeVisibleAsync();
        double pixel = ImageFile.Info(Cells).PixelSizeMicrometres!.Value;
        foreach (string zoom in new[] { "0", "1", "+", "+", "+" })
        {
            await page.Locator("canvas.picture").PressAsync(zoom);
            await window.Frames();
            Match said = Regex.Match((await page.Locator(".scale span").TextContentAsync())!, @"^([\d.]+) (µm|nm)$");
            double micrometres = double.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture) / (said.Groups[2].Value == "nm" ? 1000 : 1), wide = (await page.Locator(".scale i").BoundingBoxAsync())!.Width;
            double expected = micrometres / pixel * await page.EvaluateAsync<double>("() => klar.viewer.zoom / devicePixelRatio");
            Assert.InRange(wide, expected - 1, expected + 1);
            Assert.InRange(wide, 45, 125);
        }
    }

    [Fact]
    public async Task Colours_floats_and_pictures_wider_than_a_texture_are_shown()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        static Imaging.Plane Ramp(int width, int height, int step) => Imaging.Plane.Create(width, height, (width, step), static (to, of) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (((i % of.width * of.step) + (i / of.width * 7)) % 256) / 255f;
            }
        });
        ImageFile.Write(_folder["colours.png"], new Imaging.Image([Ramp(300, 200, 1), Ramp(300, 200, 3), Ramp(300, 200, 5)], Imaging.SampleScale.EightBit), SampleType.UInt8);
        ImageFile.Write(_folder["float.tif"], new Imaging.Image([Ramp(300, 200, 1)], new Imaging.SampleScale(-3, 5, Bounded: false)), SampleType.Float32);
        ImageFile.Write(_folder["wide.tif"], new Imaging.Image([Ramp(20000, 40, 1)], new Imaging.SampleScale(0, 60000, Bounded: true)), SampleType.UInt16);

        await window.Choose(_folder["colours.png"]);
        (int x, int y, double left, double top) = await PixelInTheMiddle(page);
        await Expect(window.Readout).ToHaveTextAsync($"x {x}, y {y} · before {(x + (7 * y)) % 256} {((3 * x) + (7 * y)) % 256} {((5 * x) + (7 * y)) % 256}");
        int[] seen = await window.Pixel(left, top);
        Assert.All(seen.Zip([(x + (7 * y)) % 256, ((3 * x) + (7 * y)) % 256, ((5 * x) + (7 * y)) % 256]), static pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2));

        await page.Locator("#choose").SetInputFilesAsync(_folder["float.tif"]);
        await Shown(page, "float.tif");
        Assert.True(await page.EvaluateAsync<double>("() => klar.viewer.contrast.value.black") < 0); // another file, another contrast
        await page.GetByText("Full range").ClickAsync();
        (x, y, left, top) = await PixelInTheMiddle(page);
        double value = double.Parse((await window.Readout.TextContentAsync())!.Split(' ')[^1], CultureInfo.InvariantCulture), expected = -3 + (8 * ((x + (7 * y)) % 256) / 255.0);
        Assert.InRange(value, expected - 1e-3, expected + 1e-3);
        Assert.InRange((await window.Pixel(left, top))[0], ((x + (7 * y)) % 256) - 2, ((x + (7 * y)) % 256) + 2);

        await page.Locator("#choose").SetInputFilesAsync(_folder["wide.tif"]);
        await Shown(page, "wide.tif");
        Assert.True(20000 > await page.EvaluateAsync<int>("() => klar.viewer.renderer.mostSide"));
        await page.EvaluateAsync("() => klar.viewer.pointTo(19990, 20)");
        await Expect(window.Readout).ToHaveTextAsync($"x 19990, y 20 · before {Math.Round((19990 + 140) % 256 / 255.0 * 60000)}");
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
        await Expect(page.Locator("#axes-sliders input")).ToHaveCountAsync(2);
        await page.Locator("canvas.picture").FocusAsync();
        foreach ((int z, int c) in new[] { (0, 0), (slices - 1, 1), (slices / 2, 0) })
        {
            await page.GetByRole(AriaRole.Slider, Slice).FillAsync($"{z}");
            await page.GetByRole(AriaRole.Slider, Channel).FillAsync($"{c}");
            await page.EvaluateAsync("() => klar.viewer.pointTo(40, 30)");
            int number = Enumerable.Range(0, stack.Pages).First(one => stack.Axes.PlaceOf(one, 'Z') == z && stack.Axes.PlaceOf(one, 'C') == c);
            await Expect(window.Readout).ToHaveTextAsync($"x 40, y 30 · before {Samples(Stack, number)[(30 * stack.Info.Width) + 40]}");
        }

        Assert.Equal($"{(slices / 2) + 1} of {slices}", await page.Locator("#axes-sliders output").Nth(stack.Axes.Order.IndexOf('Z', StringComparison.Ordinal)).TextContentAsync());

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
        string preview = (await window.Readout.TextContentAsync())!;
        Assert.Contains("median, preview", preview, StringComparison.Ordinal);
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".name.right")).ToHaveTextAsync("median");
        await page.EvaluateAsync("() => klar.viewer.pointTo(300, 250)");
        Assert.Equal(preview.Replace("median, preview", "median", StringComparison.Ordinal), await window.Readout.TextContentAsync());
    }

    [SharedFact]
    public async Task By_keyboard_alone()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        page.FileChooser += (_, chooser) => _ = chooser.SetFilesAsync(Cells); // where a person goes on in the system's own dialog
        await Tab(page, "#pick");
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
        Assert.NotEqual(before, await window.Readout.TextContentAsync());
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
        await Expect(page.Locator("#files .trouble")).ToHaveCountAsync(1);
        await Expect(page.Locator("#says.trouble")).ToContainTextAsync("broken.tif");
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
        await Shown(page, "dropped cells.tif");
        await page.EvaluateAsync("() => klar.viewer.pointTo(7, 9)");
        await Expect(window.Readout).ToHaveTextAsync($"x 7, y 9 · before {Samples(Cells, 0)[(9 * 512) + 7]}");

        // It is still in the list when the page is opened again, and gone once it is removed.
        await page.ReloadAsync();
        await Expect(page.Locator("#files .file")).ToContainTextAsync("dropped cells.tif");
        await page.GetByLabel("remove dropped cells.tif").ClickAsync();
        await Expect(page.Locator("#files .file")).ToHaveCountAsync(0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_server.State, "files")));
    }

    [SharedFact]
    public async Task Two_fingers_zoom_and_one_moves()
    {
        await using Window window = await browser.Open(_server, touch: true);
        IPage page = window.Page;
        await window.Choose(Cells);
        double before = await page.EvaluateAsync<double>("() => klar.viewer.zoom");
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        async Task Touch(string type, params (double X, double Y)[] points) => await session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
        {
            ["type"] = type,
            ["touchPoints"] = points.Select((point, id) => new Dictionary<string, object> { ["x"] = box.X + point.X, ["y"] = box.Y + point.Y, ["id"] = id }).ToArray(),
        });
        await Touch("touchStart", (300, 300), (400, 300));
        await Touch("touchMove", (250, 300), (450, 300));
        await Touch("touchEnd");
        Assert.InRange(await page.EvaluateAsync<double>("() => klar.viewer.zoom"), 1.9 * before, 2.1 * before);
        await Touch("touchStart", (300, 300));
        await Touch("touchMove", (340, 330));
        await Touch("touchEnd");
        await Expect(window.Readout).ToContainTextAsync("before");
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
        IPage report = await page.Context.RunAndWaitForPageAsync(() => page.Locator("#downloads").GetByText("Report").ClickAsync());
        await Expect(report.Locator("h1")).ToHaveTextAsync("Comparison of denoisers");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#downloads").GetByText("Table as csv").ClickAsync());
        await download.SaveAsAsync(_folder["table.csv"]);
        Assert.Equal(7, File.ReadAllLines(_folder["table.csv"]).Length);
    }

    private static async Task Shown(IPage page, string name)
    {
        await Expect(page.Locator("#title")).ToHaveTextAsync(name);
        await Expect(page.Locator("#viewer")).ToHaveAttributeAsync("aria-busy", "false");
    }

    /// <summary>Zooms to 4:1 and points to the pixel in the middle of the view; where it is in the picture and on the canvas.</summary>
    private static async Task<(int X, int Y, double Left, double Top)> PixelInTheMiddle(IPage page)
    {
        await page.EvaluateAsync("() => klar.viewer.zoomTo(4 * devicePixelRatio)");
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        (double left, double top) = ((box.Width / 2) + 1, (box.Height / 2) + 1);
        await page.Mouse.MoveAsync(box.X, box.Y);
        await page.Mouse.MoveAsync((float)(box.X + left), (float)(box.Y + top));
        await Expect(page.Locator(".readout")).ToContainTextAsync("before");
        Match said = Regex.Match((await page.Locator(".readout").TextContentAsync())!, @"x (\d+), y (\d+)");
        return (int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture), left, top);
    }

    private static ushort[] Samples(string file, int page)
    {
        using var stack = ImageStack.Open(file);
        byte[] bytes = ViewSamples.Of(stack.Read(page), (0, 0, stack.Info.Width, stack.Info.Height));
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
    }

    /// <summary>Goes on with the Tab key until the element has the focus.</summary>
    private static async Task Tab(IPage page, string selector, bool back = false)
    {
        for (int i = 0; i < 80; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
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
