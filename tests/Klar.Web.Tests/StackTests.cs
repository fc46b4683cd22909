using System.Diagnostics;
using Klar.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Klar.Web.Tests;

/// <summary>Stacks: where they open, how fast their slices come, and how channels and depth are put together.</summary>
[Collection(BrowserCollection.Name)]
public sealed class StackTests : IDisposable
{
    private const int Side = 256, Slices = 9, Channels = 2;

    private readonly Browser _browser;
    private readonly TemporaryFolder _folder = new();
    private readonly RunningServer _server = new();
    private readonly string _stack;

    public StackTests(Browser browser)
    {
        _browser = browser;
        _stack = Pictures.Stack(_folder["stack.tif"]);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_opens_in_its_middle_and_each_channel_has_the_contrast_of_all_its_slices()
    {
        await using Window window = await _browser.Open(_server);
        await window.Choose(_stack);
        await Expect(window.Page.Locator("#axes-sliders output").First)
            .ToHaveTextAsync($"{(Slices / 2) + 1} of {Slices}");
        for (int channel = 0; channel < Channels; channel++)
        {
            ushort[] all =
            [
                .. Enumerable.Range(0, Slices).SelectMany(z => FileSamples.Of(_stack, (z * Channels) + channel)).Order()
            ];
            double[] seen = await window.Page.EvaluateAsync<double[]>(
                """
                async channel => {
                  const id = new URLSearchParams(location.search).get("file") ?? klar.viewer.shown.of;
                  const { black, white } = klar.viewer.contrast.of(`${id}/${channel}`);
                  return [black, white];
                }
                """,
                channel);

            // A sample of the samples is measured: its quantiles lie within those of a neighbouring share.
            Assert.InRange(seen[0], all[0], all[(int)(0.003 * all.Length)]);
            Assert.InRange(seen[1], all[(int)(0.996 * all.Length)], all[(int)(0.9995 * all.Length)]);
        }
    }

    [Fact]
    public async Task Its_slices_come_from_one_process_that_keeps_it_open()
    {
        string id = (await _server.Upload(_stack)).GetProperty("id").GetString()!;
        for (int page = 0; page < Slices * Channels; page++)
        {
            byte[] samples = await _server.Client.GetByteArrayAsync($"/api/files/{id}/pages/{page}");
            ushort[] expected = FileSamples.Of(_stack, page);
            Assert.Equal(expected, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(samples).ToArray());
        }

        int[] readers = Readers(id);
        Assert.Single(readers);

        // A decoder that dies takes nothing with it: the next slice comes from another one.
        Process.GetProcessById(readers[0]).Kill();
        Assert.Equal(2 * Side * Side, (await _server.Client.GetByteArrayAsync($"/api/files/{id}/pages/3")).Length);
        (await _server.Client.DeleteAsync($"/api/files/{id}")).EnsureSuccessStatusCode();
        for (int i = 0; i < 2400 && Readers(id).Length > 0; i++)
        {
            await Task.Delay(50);
        }

        Assert.Empty(Readers(id));
    }

    [Fact]
    [Trait("Category", "Long")] // a machine's speed decides
    public async Task A_slice_takes_thirty_milliseconds_from_memory_and_a_hundred_cold()
    {
        string id = (await _server.Upload(_stack)).GetProperty("id").GetString()!;
        await _server.Client.GetByteArrayAsync($"/api/files/{id}/pages/0");
        var cold = new List<double>();
        for (int page = 1; page < Slices * Channels; page++)
        {
            long start = Stopwatch.GetTimestamp();
            await _server.Client.GetByteArrayAsync($"/api/files/{id}/pages/{page}");
            cold.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Assert.InRange(cold.Order().ElementAt(cold.Count / 2), 0, 100);
        await using Window window = await _browser.Open(_server);
        await window.Choose(_stack);
        await window.Page.WaitForTimeoutAsync(1000);
        double[] warm = await window.Page.EvaluateAsync<double[]>(
            """
            async () => {
              const times = [], place = document.querySelector("#viewer"), { stats } = klar.viewer;
              for (const by of [1, -1, 1, -1, 1]) {
                const start = performance.now(), { frames } = stats;
                klar.sliders.step(by);
                while (place.ariaBusy === "true") await new Promise(done => setTimeout(done));
                const shown = performance.now() - start;
                while (stats.frames === frames) await new Promise(requestAnimationFrame);
                times.push(shown + stats.scriptMs.at(-1));
              }
              return times;
            }
            """);
        Assert.InRange(warm.Order().ElementAt(warm.Length / 2), 0, 30); // without what drawing in software takes
    }

    [Fact]
    public async Task The_next_slices_are_there_before_they_are_asked_for()
    {
        await using Window window = await _browser.Open(_server);
        IPage page = window.Page;
        var asked = new List<string>();
        page.Request += (_, request) =>
        {
            lock (asked)
            {
                asked.Add(request.Url);
            }
        };
        await window.Choose(_stack);
        int middle = Slices / 2, next = (middle + 1) * Channels;
        for (int i = 0; i < 3600
            && (Count(asked, $"/pages/{next}") == 0 || Count(asked, $"/pages/{next + 1}") == 0); i++)
        {
            await Task.Delay(50);
        }

        await page.Locator("canvas.picture").FocusAsync();
        await page.Keyboard.PressAsync(".");
        await Expect(page.Locator("#axes-sliders output").First).ToHaveTextAsync($"{middle + 2} of {Slices}");
        await page.EvaluateAsync("() => klar.viewer.pointTo(40, 30)");
        await Expect(window.Readout)
            .ToHaveTextAsync($"x 40, y 30 · before {FileSamples.Of(_stack, next)[(30 * Side) + 40]}");
        Assert.Equal(1, Count(asked, $"/pages/{next}"));

        // The wheel goes through the slices, with Ctrl it zooms.
        double zoom = await page.EvaluateAsync<double>("() => klar.viewer.zoom");
        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 200);
        await page.Mouse.WheelAsync(0, 120);
        await Expect(page.Locator("#axes-sliders output").First).ToHaveTextAsync($"{middle + 4} of {Slices}");
        Assert.Equal(zoom, await page.EvaluateAsync<double>("() => klar.viewer.zoom"));
    }

    [Fact]
    public async Task Channels_add_up_in_their_colours_and_are_switched_one_by_one()
    {
        await using Window window = await _browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(_stack);
        await page.EvaluateAsync("() => klar.viewer.lookAt({ x: 100.5, y: 80.5 }, 64)");
        int number = Slices / 2 * Channels, at = (80 * Side) + 100;
        int[] values = [FileSamples.Of(_stack, number)[at], FileSamples.Of(_stack, number + 1)[at]];
        double[] shares = new double[Channels];
        for (int c = 0; c < Channels; c++)
        {
            double[] of = await page.EvaluateAsync<double[]>(
                "c => { const { black, white } = klar.viewer.contrast.of(`${klar.viewer.shown.of}/${c}`); return "
                    + "[black, white]; }", c);
            shares[c] = 255 * Math.Clamp((values[c] - of[0]) / (of[1] - of[0]), 0, 1);
        }

        LocatorBoundingBoxResult box = (await page.Locator("canvas.picture").BoundingBoxAsync())!;
        (double x, double y) = (box.Width / 2, box.Height / 2);
        int[] both = await window.Pixel(x, y);
        AssertNear([shares[1], shares[0], shares[1]], both); // green and magenta
        await page.GetByLabel("channel 1", new PageGetByLabelOptions { Exact = true }).UncheckAsync();
        await window.Idle();
        AssertNear([shares[1], 0, shares[1]], await window.Pixel(x, y));
        await page.GetByLabel("composite").UncheckAsync();
        await window.Idle();
        AssertNear([shares[0], shares[0], shares[0]], await window.Pixel(x, y));
    }

    [Fact]
    public async Task Depth_is_projected_and_cut()
    {
        await using Window window = await _browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(_stack);
        await page.EvaluateAsync("() => klar.viewer.pointTo(100, 80)");
        ushort[] through =
        [
            .. Enumerable.Range(0, Slices).Select(z => FileSamples.Of(_stack, z * Channels)[(80 * Side) + 100])
        ];
        double mean = through.Average(static value => (double)value);
        foreach ((string kind, double expected) in new[]
        {
            ("max", through.Max()), ("mean", mean),
            ("sd", Math.Sqrt(through.Sum(value => Math.Pow(value - mean, 2)) / (Slices - 1))),
        })
        {
            await page.Locator("select.depth").SelectOptionAsync(kind);
            await window.Idle();
            Assert.Equal(
                expected, await page.EvaluateAsync<double>("() => klar.viewer.shown.layers[0].first.at(100, 80)[0]"),
                0.01);
        }

        await page.Locator("select.depth").SelectOptionAsync("xz");
        await window.Idle();
        int[] size = await page.EvaluateAsync<int[]>(
            "() => [klar.viewer.shown.layers[0].first.width, klar.viewer.shown.layers[0].first.height]");
        Assert.Equal(Side, size[0]);
        Assert.Equal(0, size[1] % Slices);
        for (int z = 0; z < Slices; z++)
        {
            int row = z * size[1] / Slices;
            Assert.Equal(
                through[z],
                await page.EvaluateAsync<int>("row => klar.viewer.shown.layers[0].first.at(100, row)[0]", row));
        }
    }

    [Fact]
    public async Task It_plays_until_it_is_stopped()
    {
        await using Window window = await _browser.Open(_server);
        IPage page = window.Page;
        await window.Choose(_stack);
        await page.Locator(".play").ClickAsync();
        foreach (int slice in new[] { 7, 2, 6 })
        {
            await Expect(page.Locator("#axes-sliders output").First).ToHaveTextAsync($"{slice} of {Slices}");
        }

        await page.Locator(".play").ClickAsync();
        await Expect(page.Locator(".play")).ToHaveAttributeAsync("aria-pressed", "false");
        string at = (await page.Locator("#axes-sliders output").First.TextContentAsync())!;
        await page.WaitForTimeoutAsync(600);
        await Expect(page.Locator("#axes-sliders output").First).ToHaveTextAsync(at);
    }

    private static int Count(List<string> asked, string end)
    {
        lock (asked)
        {
            return asked.Count(url => url.EndsWith(end, StringComparison.Ordinal));
        }
    }

    private static void AssertNear(double[] expected, int[] seen) =>
        Assert.All(expected.Zip(seen), static pair => Assert.Equal(pair.First, pair.Second, 2.0));

    /// <summary>Processes that keep a file open.</summary>
    private static int[] Readers(string id) => [.. Directory.EnumerateDirectories("/proc")
        .Select(static folder => int.TryParse(Path.GetFileName(folder), out int process) ? process : 0)
        .Where(process => process > 0 && CommandOf(process) is var command
            && command.Contains(id, StringComparison.Ordinal)
                && command.Contains("--stdin", StringComparison.Ordinal))];

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
