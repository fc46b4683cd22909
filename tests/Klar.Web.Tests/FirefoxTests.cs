using Klar.Tests.Support;

namespace Klar.Web.Tests;

/// <summary>
/// Ten steps of a user in Firefox: that nothing of the page is Chromium's alone. Long: half a minute, and a browser to
/// install.
/// </summary>
[Trait("Category", Long.Category)]
public sealed class FirefoxTests
{
    private const string Idle = """document.querySelector("#viewer").getAttribute("aria-busy") === "false" """;

    [Fact]
    public async Task The_page_works_in_Firefox()
    {
        using var server = new RunningServer();
        await using Firefox firefox = await Firefox.Start(width: 1400, height: 900);

        // 1. The first look, with pictures of the samples.
        await firefox.Open(server.Address);
        await firefox.Until(
            """[...document.querySelectorAll("#samples img")].filter(one => one.naturalWidth > 100).length === 3""");

        // 2. From noisy to clear with one click.
        await firefox.Click("[data-sample=cells]");
        await firefox.Until("""document.querySelector(".chip .trust") !== null""");
        await firefox.Until(Idle);

        // 3. What is drawn on both sides of the curtain is a picture, and not the same.
        double left = await Brightness(firefox, "first"), right = await Brightness(firefox, "second");
        Assert.InRange(left, 5, 250);
        Assert.NotEqual(left, right);

        // 4. The wheel zooms.
        double zoom = (await firefox.Evaluate("klar.viewer.zoom")).GetDouble();
        await firefox.Wheel("canvas.picture", -360);
        await firefox.Until($"klar.viewer.zoom > {zoom}");

        // 5. Keys: a profile of the row under the cross.
        await firefox.Evaluate("""document.querySelector("canvas.picture").focus()""");
        await firefox.Press("l");
        await firefox.Until("""document.querySelector(".profile canvas").width > 100""");

        // 6. Another way of showing.
        await firefox.Press("m");
        await firefox.Until("""klar.viewer.mode !== "curtain" """);

        // 7. A job with another method.
        await firefox.Evaluate(
            """
            (choice => { choice.value = "median"; choice.dispatchEvent(new Event("input", { bubbles: true }));
              choice.dispatchEvent(new Event("change", { bubbles: true })); })(document.querySelector("#method"))
            """);
        await firefox.Click("#run");
        const string Median = """document.querySelector("#title").textContent === "sample cells.tif: median" """;
        await firefox.Until("""document.querySelectorAll(".job .state.Done").length === 2""");
        await firefox.Until(Median);
        await firefox.Until(Idle);

        // 8. A reload comes back to the same sight.
        await firefox.Until("""new URLSearchParams(location.search).get("job") === "2" """);
        await firefox.Open((await firefox.Evaluate("location.href")).GetString()!);
        await firefox.Until(Median);
        await firefox.Until(Idle);

        // 9. Light instead of dark.
        await firefox.Evaluate(
            """
            (choice => { choice.value = "light"; choice.dispatchEvent(new Event("change")); })(
              document.querySelector("#theme"))
            """);
        await firefox.Until("""getComputedStyle(document.body).backgroundColor === "rgb(245, 247, 249)" """);

        // 10. The page of comparisons, with the same file.
        await firefox.Open(server.Address + "/compare");
        await firefox.Until("""document.querySelectorAll("#files .file").length === 1""");

        Assert.Empty(firefox.Errors);
    }

    /// <summary>The mean of what is drawn where one picture alone is shown.</summary>
    private static async Task<double> Brightness(Firefox firefox, string mode)
    {
        await firefox.Evaluate($"klar.viewer.tryMode('{mode}')");
        return (await firefox.Evaluate(
            """
            new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
              const to = document.createElement("canvas"), from = klar.viewer.canvas, side = to.width = to.height = 64;
              const pen = to.getContext("2d");
              pen.drawImage(from, from.width / 2 - 32, from.height / 2 - 32, side, side, 0, 0, side, side);
              const { data } = pen.getImageData(0, 0, side, side);
              done(data.reduce((sum, one, i) => sum + (i % 4 === 3 ? 0 : one), 0) / (side * side * 3));
            })))
            """)).GetDouble();
    }
}
