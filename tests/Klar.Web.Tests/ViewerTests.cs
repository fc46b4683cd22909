using System.Globalization;
using System.Text.RegularExpressions;
using Klar.Formats;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>What the viewer draws, pixel by pixel, and how it is moved by fingers.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ViewerTests(Browser browser) : IDisposable
{
    private static readonly string Cells =
        SharedData.Folder is null ? string.Empty : SharedData.PathOf("noisy/xy_calibrated_16bit__cells_eres_noisy.tif");

    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [SharedFact]
    public async Task What_is_drawn_is_what_the_samples_and_the_contrast_say()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Cells);
        ushort[] noisy = FileSamples.Of(Cells, 0);
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
            int value = int.Parse(said.Groups[3].Value, CultureInfo.InvariantCulture), at = (int.Parse(
                said.Groups[2].Value,
                CultureInfo.InvariantCulture) * 512) + int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal(noisy[at], value);
            int[] pixel = await window.Pixel(across, down);
            Assert.All(pixel, tone => Assert.InRange(
                tone, (255.0 * (value - least) / (most - least)) - 1.5,
                (255.0 * (value - least) / (most - least)) + 1.5));
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
        await page.Mouse.MoveAsync(
            histogram.X + (histogram.Width / 4), histogram.Y + 30, new MouseMoveOptions { Steps = 5 });
        await page.Mouse.UpAsync();
        Assert.InRange(
            await page.EvaluateAsync<double>("() => klar.viewer.contrast.value.black"), least + (0.24 * (most - least)),
            least + (0.26 * (most - least)));
        await page.GetByText("Auto", new PageGetByTextOptions { Exact = true }).ClickAsync();
        Assert.InRange(
            await page.EvaluateAsync<double>("() => klar.viewer.contrast.value.black"), least,
            least + (0.24 * (most - least)));
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
            double micrometres = double.Parse(
                said.Groups[1].Value, CultureInfo.InvariantCulture) / (said.Groups[2].Value == "nm"
                ? 1000
                : 1), wide = (await page.Locator(".scale i").BoundingBoxAsync())!.Width;
            double expected =
                micrometres / pixel * await page.EvaluateAsync<double>("() => klar.viewer.zoom / devicePixelRatio");
            Assert.InRange(wide, expected - 1, expected + 1);
            Assert.InRange(wide, 45, 125);
        }
    }

    [Fact]
    public async Task Colours_floats_and_pictures_wider_than_a_texture_are_shown()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        static Plane Ramp(int width, int height, int step) =>
            Plane.Create(width, height, (width, step), static (to, of) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (((i % of.width * of.step) + (i / of.width * 7)) % 256) / 255f;
            }
        });
        Plane[] colours = [Ramp(300, 200, 1), Ramp(300, 200, 3), Ramp(300, 200, 5)];
        ImageFile.Write(_folder["colours.png"], new Image(colours, SampleScale.EightBit), SampleType.UInt8);
        var floats = new Image(Ramp(300, 200, 1), new SampleScale(-3, 5, Bounded: false));
        ImageFile.Write(_folder["float.tif"], floats, SampleType.Float32);
        var wide = new Image(Ramp(20000, 40, 1), new SampleScale(0, 60000, Bounded: true));
        ImageFile.Write(_folder["wide.tif"], wide, SampleType.UInt16);

        await window.Choose(_folder["colours.png"]);
        (int x, int y, double left, double top) = await PixelInTheMiddle(page);
        await Expect(window.Readout).ToHaveTextAsync(
            $"x {x}, y {y} · before {(x + (7 * y)) % 256} {((3 * x) + (7 * y)) % 256} {((5 * x) + (7 * y)) % 256}");
        int[] seen = await window.Pixel(left, top);
        Assert.All(
            seen.Zip([(x + (7 * y)) % 256, ((3 * x) + (7 * y)) % 256, ((5 * x) + (7 * y)) % 256]),
            static pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2));

        await page.Locator("#choose").SetInputFilesAsync(_folder["float.tif"]);
        await window.Shown("float.tif");
        // another file, another contrast
        Assert.True(await page.EvaluateAsync<double>("() => klar.viewer.contrast.value.black") < 0);
        await page.GetByText("Full range").ClickAsync();
        (x, y, left, top) = await PixelInTheMiddle(page);
        double value = double.Parse(
            (await window.Readout.TextContentAsync())!.Split(' ')[^1],
            CultureInfo.InvariantCulture), expected = -3 + (8 * ((x + (7 * y)) % 256) / 255.0);
        Assert.InRange(value, expected - 1e-3, expected + 1e-3);
        Assert.InRange((await window.Pixel(left, top))[0], ((x + (7 * y)) % 256) - 2, ((x + (7 * y)) % 256) + 2);

        await page.Locator("#choose").SetInputFilesAsync(_folder["wide.tif"]);
        await window.Shown("wide.tif");
        Assert.True(20000 > await page.EvaluateAsync<int>("() => klar.viewer.renderer.mostSide"));
        await page.EvaluateAsync("() => klar.viewer.pointTo(19990, 20)");
        await Expect(window.Readout)
            .ToHaveTextAsync($"x 19990, y 20 · before {Math.Round((19990 + 140) % 256 / 255.0 * 60000)}");
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
        async Task Touch(string type, params (double X, double Y)[] points) =>
            await session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
            {
                ["type"] = type,
                ["touchPoints"] = points.Select((point, id) => new Dictionary<string, object>
                {
                    ["x"] = box.X + point.X,
                    ["y"] = box.Y + point.Y,
                    ["id"] = id
                }).ToArray(),
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

    /// <summary>
    /// Zooms to 4:1 and points to the pixel in the middle of the view; where it is in the picture and on the canvas.
    /// </summary>
    private static async Task<(int X, int Y, double Left, double Top)> PixelInTheMiddle(IPage page)
    {
        await page.EvaluateAsync("() => klar.viewer.zoomTo(4 * devicePixelRatio)");
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        (double left, double top) = ((box.Width / 2) + 1, (box.Height / 2) + 1);
        await page.Mouse.MoveAsync(box.X, box.Y);
        await page.Mouse.MoveAsync((float)(box.X + left), (float)(box.Y + top));
        await Expect(page.Locator(".readout")).ToContainTextAsync("before");
        Match said = Regex.Match((await page.Locator(".readout").TextContentAsync())!, @"x (\d+), y (\d+)");
        return (
            int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture),
            int.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture), left, top);
    }
}
