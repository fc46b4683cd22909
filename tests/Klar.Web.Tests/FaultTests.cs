using System.Text.Json;
using Klar.Tests.Support;
using Klar.Web.Jobs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>What the first edition of the page did wrong, in a real browser.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FaultTests(Browser browser) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_that_cannot_be_shown_leaves_no_other_picture_under_its_name()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["good.tif"]));
        await page.EvaluateAsync("() => klar.viewer.pointTo(40, 40)");
        await Expect(page.Locator(".name.left")).ToHaveTextAsync("before");
        await page.Locator("#choose").SetInputFilesAsync(Pictures.Broken(_folder["broken.tif"]));
        await page.Locator("#files .file").GetByText("broken.tif").ClickAsync();
        await Expect(page.Locator("#title")).ToHaveTextAsync("broken.tif");
        await Expect(page.Locator("#says.failure")).ToContainTextAsync("broken.tif");
        await Expect(page.Locator(".name.left")).ToHaveTextAsync(string.Empty);
        await Expect(window.Readout).ToHaveTextAsync("\u00a0");
        Assert.False(await page.EvaluateAsync<bool>("() => klar.viewer.hasPicture"));
        Assert.Equal(await window.Pixel(3, 3), await window.Pixel(300, 300));
        await Expect(page.Locator("#run")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Dragging_over_the_page_says_where_to_drop_and_hides_nothing()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        LocatorBoundingBoxResult before = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        const string Drag =
            """
            type => {
              const transfer = new DataTransfer();
              transfer.items.add(new File(["x"], "x.tif"));
              document.querySelector("main").dispatchEvent(
                new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, relatedTarget: null }));
            }
            """;
        await page.EvaluateAsync(Drag, "dragover");
        await Expect(page.Locator("#overlay")).ToBeVisibleAsync();
        Assert.Equal(before.Width, (await page.Locator("canvas.picture").BoundingBoxAsync())!.Width);
        await page.EvaluateAsync(Drag, "dragleave");
        await Expect(page.Locator("#overlay")).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => klar.viewer.hasPicture"));
    }

    [Fact]
    public async Task A_drag_with_shift_draws_one_line_and_the_tool_stays()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await page.Keyboard.DownAsync("Shift");
        await window.Drag(200, 200, 320, 260);
        await page.Keyboard.UpAsync("Shift");
        await Expect(page.Locator(".profile")).ToBeVisibleAsync();
        await Expect(page.Locator(".tools input[value=move]")).ToBeCheckedAsync();
        await page.EvaluateAsync("() => klar.viewer.zoomTo(8)");
        string drawn = await page.EvaluateAsync<string>("() => JSON.stringify(klar.viewer.line)");
        double left = await page.EvaluateAsync<double>("() => klar.viewer.view.left");
        await window.Drag(300, 300, 380, 300);
        Assert.Equal(drawn, await page.EvaluateAsync<string>("() => JSON.stringify(klar.viewer.line)"));
        Assert.NotEqual(left, await page.EvaluateAsync<double>("() => klar.viewer.view.left"));
    }

    [Fact]
    public void Time_left_is_said_once_it_means_something()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        double? Left(double fraction, double seconds) => JobClock.SecondsLeft(
            new Job
            {
                Id = 1,
                Kind = JobKind.Denoise,
                FileId = "x",
                FileName = "x.tif",
                Settings = new JobSettings(),
                Command = "klar",
                Created = start,
                State = JobState.Running,
                Started = start,
                Fraction = fraction,
            },
            start.AddSeconds(seconds));
        Assert.Null(Left(0, 5));
        Assert.Null(Left(0.02, 5));
        Assert.Null(Left(0.5, 0.5));
        Assert.Equal(6, Left(0.25, 2)!.Value, 1e-9);
        Assert.Null(Left(1, 10));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_said_to_be()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await Expect(page.Locator("#gone")).ToBeHiddenAsync();
        window.ExpectErrors();
        _server.Kill();
        await Expect(page.Locator("#gone")).ToContainTextAsync("klar serve does not answer");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator("#says.failure")).ToContainTextAsync("is klar serve still running?");
    }

    [Fact]
    public async Task Removing_what_is_shown_leaves_nothing_that_leads_nowhere()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("median");
        await page.GetByLabel("remove cells.tif").ClickAsync();
        await Expect(page.Locator("#title")).ToHaveTextAsync("No picture");
        await Expect(page.Locator("#welcome")).ToBeVisibleAsync();
        await Expect(page.Locator("#run")).ToBeDisabledAsync();
        await Expect(page.Locator(".job").GetByText("Edit")).ToHaveCountAsync(0);

        // Its result is still there, and stands for itself.
        await page.Locator(".job").GetByText("Look").ClickAsync();
        await Expect(page.Locator("#says")).ToContainTextAsync("only the result is shown");
        Assert.True(await page.EvaluateAsync<bool>("() => klar.viewer.hasPicture"));
        await Expect(page.Locator("#run")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Of_several_files_the_good_ones_open_and_the_bad_ones_are_named()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await page.Locator("#choose").SetInputFilesAsync(
        [
            Pictures.Broken(
                _folder["bad.tif"]), Pictures.Cells(_folder["good.tif"]), Pictures.Broken(_folder["worse.tif"]),
        ]);
        await window.Shown("good.tif");
        await Expect(page.Locator("#files .file")).ToHaveCountAsync(3);
        await Expect(page.Locator("#says")).ToContainTextAsync("worse.tif");
        await Expect(page.Locator("#says")).ToContainTextAsync("bad.tif");
    }

    [Fact]
    public async Task A_reload_keeps_file_view_and_settings_and_tabs_share_files()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("median");
        await page.EvaluateAsync("() => { klar.viewer.setMode('side'); klar.viewer.lookAt({ x: 30, y: 70 }, 6); }");
        await page.WaitForURLAsync("**/?file=*&job=*&view=side*zoom=6*");
        await page.ReloadAsync();
        await window.Shown("cells.tif: median");
        await Expect(page.Locator(".modes input[value=side]")).ToBeCheckedAsync();
        await Expect(page.Locator("#method")).ToHaveValueAsync("median");
        Assert.Equal(6, await page.EvaluateAsync<double>("() => klar.viewer.zoom"), 1e-3);
        Assert.Equal(
            30, await page.EvaluateAsync<double>("() => klar.viewer.view.toPicture(klar.viewer.view.middle).x"), 0.5);

        IPage other = await page.Context.NewPageAsync();
        await other.GotoAsync(_server.Address);
        await Expect(other.Locator("#files .file")).ToHaveCountAsync(1);
        await page.Locator("#choose").SetInputFilesAsync(Pictures.Cells(_folder["more.tif"], seed: 2));
        await Expect(other.Locator("#files .file")).ToHaveCountAsync(2);
        await other.GetByLabel("remove cells.tif").ClickAsync();
        await Expect(page.Locator("#files .file")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Values_are_judged_before_they_are_sent_and_a_job_can_be_edited()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await page.Locator("#method").SelectOptionAsync("bm3d");
        await page.Locator("#settings summary").ClickAsync();
        await page.Locator("#sigma").FillAsync("much");
        await Expect(page.Locator("#run-why")).ToContainTextAsync("noise level");
        await page.Locator("#run").ClickAsync();
        Assert.Equal("[]", await _server.Client.GetStringAsync("/api/jobs"));
        await page.Locator("#sigma").FillAsync("120gl");
        await Expect(page.Locator("#run-why")).ToBeHiddenAsync();
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".job .state")).ToContainTextAsync("done");
        await page.Locator("#reset").ClickAsync();
        await page.Locator("#method").SelectOptionAsync("mean");
        await page.Locator(".job").GetByText("Edit").ClickAsync();
        await Expect(page.Locator("#method")).ToHaveValueAsync("bm3d");
        await Expect(page.Locator("#sigma")).ToHaveValueAsync("120gl");
    }

    [Fact]
    public async Task One_file_of_a_set_says_that_the_others_are_not_opened_with_it()
    {
        await using Window window = await browser.Open(_server);
        await window.Choose(Pictures.OneOfThree(_folder["a_z0.ome.tif"]));
        await Expect(window.Page.Locator("#says"))
            .ToContainTextAsync("the planes of 2 other files are not opened with it");
    }

    [Fact]
    public async Task A_picture_of_colours_says_why_it_takes_no_look_up_table()
    {
        await using Window window = await browser.Open(_server);
        await window.Choose(Pictures.Colours(_folder["colours.png"]));
        await Expect(window.Page.Locator("select.lut")).ToBeDisabledAsync();
        await Expect(window.Page.Locator("select.lut"))
            .ToHaveAttributeAsync("title", "A colour picture has its own colours");
    }

    [Fact]
    public async Task A_pinch_on_a_trackpad_zooms_as_far_as_the_fingers_say()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        double before = await page.EvaluateAsync<double>("() => klar.viewer.zoom");
        await page.EvaluateAsync(
            """
            () => {
              for (let i = 0; i < 10; i++) document.querySelector("canvas.picture").dispatchEvent(
                new WheelEvent("wheel", { deltaY: -7, ctrlKey: true, cancelable: true, clientX: 500, clientY: 400 }));
            }
            """);
        Assert.InRange(await page.EvaluateAsync<double>("() => klar.viewer.zoom"), 1.9 * before, 2.1 * before);
    }

    [Fact]
    public async Task A_line_stays_in_its_own_half_when_pictures_stand_side_by_side()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("median");
        await page.EvaluateAsync(
            "() => { klar.viewer.setMode('side'); klar.viewer.setLine([{ x: 0, y: 60 }, { x: 128, y: 60 }]); }");
        await window.Frames();
        double half = (await page.Locator("canvas.picture").BoundingBoxAsync())!.Width / 2;
        double[] widths = await page.EvaluateAsync<double[]>(
            "() => [...document.querySelectorAll('svg.port')].map(port => port.width.baseVal.value)");
        Assert.All(widths, width => Assert.Equal(half, width, 1.0));
        Assert.Equal(
            "hidden",
            await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('svg.port')).overflow"));
    }

    [Fact]
    public async Task A_stage_without_a_size_loses_no_place()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await page.EvaluateAsync(
            "() => { document.querySelector('.stage').style.cssText = 'flex: none; height: 1px; min-height: 0'; }");
        await window.Frames();
        await page.EvaluateAsync("() => klar.viewer.pan(3, 3)");
        await page.EvaluateAsync("() => { document.querySelector('.stage').style.cssText = ''; }");
        await window.Frames();
        Assert.True(await page.EvaluateAsync<bool>(
            "() => [klar.viewer.zoom, klar.viewer.view.left, klar.viewer.view.top].every(Number.isFinite)"));
    }

    [Fact]
    public async Task A_job_has_one_time()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("median");
        string card = (await page.Locator(".job .state").TextContentAsync())!.Replace(
            "done in ", string.Empty, StringComparison.Ordinal);
        await Expect(page.Locator(".chip")).ToContainTextAsync(card);
    }

    [Fact]
    public async Task Names_keep_their_signs_and_messages_name_no_place_of_the_server()
    {
        JsonElement file = await _server.Upload(Pictures.Cells(_folder["x.tif"]), "a#1 & b=2.tif");
        Assert.Equal("a#1 & b=2.tif", file.GetProperty("name").GetString());
        JsonElement job = await _server.JobIn(
            await _server.AddJob("Denoise", file.GetProperty("id").GetString()!, new { method = "mean" }), "Done");
        Assert.Equal("a#1 & b=2_denoised.tif", job.GetProperty("results")[0].GetProperty("name").GetString());
        using HttpResponseMessage download =
            await _server.Client.GetAsync($"/api/files/{RunningServer.Result(job, "result")}/download");
        Assert.Equal("a#1 & b=2_denoised.tif", download.Content.Headers.ContentDisposition!.FileNameStar);

        JsonElement broken = await _server.Upload(Pictures.Broken(_folder["broken.tif"]));
        Assert.DoesNotContain(_server.State, broken.GetProperty("failure").GetString()!, StringComparison.Ordinal);
        using HttpResponseMessage none =
            await _server.Client.GetAsync($"/api/files/{file.GetProperty("id").GetString()}/pages/7");
        Assert.Equal(400, (int)none.StatusCode);
        Assert.DoesNotContain(_server.State, await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_is_said_in_the_grey_levels_of_the_file()
    {
        await using Window window = await browser.Open(_server);
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await window.Run("nl-ridge");
        JsonElement estimate = (await _server.Job(1)).GetProperty("sidecar").GetProperty("noiseEstimate");
        double levels = estimate.GetProperty("greyLevels").GetDouble();
        Assert.InRange(levels / estimate.GetProperty("sigma255").GetDouble(), 10, 20); // of about 4000 levels
        string said = (await window.Page.Locator(".chip").TextContentAsync())!;
        Assert.Matches(@"noise \d+(\.\d+)? grey levels", said);
        Assert.Contains(
            $"noise {levels.ToString("G3", System.Globalization.CultureInfo.InvariantCulture)} grey levels", said,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_histogram_of_whole_numbers_is_no_comb()
    {
        await using Window window = await browser.Open(_server);
        int[] counts = await window.Page.EvaluateAsync<int[]>(
            """
            async () => {
              const [{ count }, { Picture }] = await Promise.all([import("/page/histogram.js"), import("/page/samples.js")]);
              const data = Uint16Array.from({ length: 3000 }, (_, i) => 10 + (i % 300));
              return count(new Picture(60, 50, 1, data), [10, 309]).counts;
            }
            """);
        Assert.Equal(150, counts.Length);
        Assert.All(counts, static count => Assert.Equal(20, count));
    }

    [Fact]
    public async Task The_histogram_takes_the_colours_of_the_theme()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        const string Drawn = "() => document.querySelector('canvas.histogram').toDataURL()";
        string light = await page.EvaluateAsync<string>(Drawn);
        await page.Locator("#theme").SelectOptionAsync("dark");
        await window.Frames();
        Assert.NotEqual(light, await page.EvaluateAsync<string>(Drawn));
    }

    [Theory]
    [InlineData(1440, 900, 0.5)]
    [InlineData(2560, 1440, 0.6)]
    public async Task The_picture_fills_the_window_and_the_page_never_scrolls(int width, int height, double share)
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await page.SetViewportSizeAsync(width, height);
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        await page.Locator("#settings summary").ClickAsync();
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        Assert.True(box.Width * box.Height > share * width * height, $"{box.Width} x {box.Height}");
        Assert.True(await page.EvaluateAsync<bool>(
            "() => document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= "
                + "innerWidth"));
    }

    [Fact]
    public async Task On_a_phone_the_button_is_a_tap_away_and_nothing_is_cut_off()
    {
        await using Window window = await browser.Open(_server);
        IPage page = window.Page;
        await page.SetViewportSizeAsync(390, 844);
        await window.Choose(Pictures.Cells(_folder["cells.tif"]));
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        Assert.True(box.Height > 500);
        await page.Locator(".tabs").GetByText("Denoise").ClickAsync();
        await Expect(page.Locator("#run")).ToBeInViewportAsync();
        await page.Locator("#method").SelectOptionAsync("mean");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator(".chip")).ToBeInViewportAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    }
}
