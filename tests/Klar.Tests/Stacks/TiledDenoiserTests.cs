using Klar.Imaging;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests;

public sealed class TiledDenoiserTests
{
    [Theory]
    [InlineData(100, 80, 48, 20, 8)]
    [InlineData(97, 53, 32, 5, 16)]
    [InlineData(64, 64, 64, 10, 4)]
    [InlineData(30, 200, 16, 0, 0)]
    [InlineData(50, 1, 7, 3, 0)]
    public void Tiles_cover_the_page_and_their_weights_add_up_to_one(
        int width, int height, int side, int margin, int blend)
    {
        var tiling = new Tiling(width, height, side, margin, blend);
        float[] page = new float[width * height];
        foreach (Tiling.Tile tile in tiling.Tiles)
        {
            Assert.True(tile is { X: >= 0, Y: >= 0 } && tile.X + tile.Width <= width && tile.Y + tile.Height <= height);
            tiling.Add(tile, Enumerable.Repeat(1f, tile.Width * tile.Height).ToArray(), page);
        }

        Assert.All(page, static weight => Assert.Equal(1, weight, 1e-6));
    }

    [Fact]
    public void What_does_not_depend_on_more_than_the_margin_is_the_same_in_tiles()
    {
        var noisy = new Image(Samples.Picture(150, 90));
        var filter = new MedianFilter(new MedianOptions { Size = 5 });
        Denoised tiled = new TiledDenoiser(filter, side: 32, margin: 2, blend: 0).Denoise(noisy);
        Assert.Equal(filter.Denoise(noisy).Image.Planes[0].Samples.ToArray(), tiled.Image.Planes[0].Samples.ToArray());
        Assert.Equal("15", tiled.Report.Settings["tiles"]);
    }

    [Fact]
    public void What_any_tile_warns_of_is_said_once()
    {
        var noisy = new Image(Samples.Picture(100, 30));
        Denoised tiled = new TiledDenoiser(new Warning(), side: 30, margin: 2, blend: 0).Denoise(noisy);
        Assert.Equal(["begins at 0", "seen", "begins at 1", "begins at 2", "begins at 3"], tiled.Report.Warnings);
    }

    [Theory]
    // its grid leaves out references by what it has found, so that a border is felt far along its row
    [InlineData("bm3d", 0.012)]
    [InlineData("klar", 0.02)]
    public void A_method_that_searches_is_nearly_the_same_in_tiles(string method, double tolerance)
    {
        // In root mean square over that of what is taken out; networks and the noise are taken once.
        Image noisy = new GaussianNoise(25).AddTo(new Image(Samples.Picture(300, 280)), clip: false, new RunSettings());
        var networks = new WarmStart();
        IDenoiser Method(WarmStart? start) => method == "bm3d"
            ? new Bm3dDenoiser(new Bm3dOptions { Sigma = 25 / 255f })
            : new KlarDenoiser(
                new KlarOptions { Sigma = 25 / 255f, Effort = Effort.Fast, Steps = 3 },
                new RunSettings { WarmStart = start });
        Image whole = Method(networks).Denoise(noisy).Image;
        Image tiled =
            new TiledDenoiser(Method(networks.Frozen()), side: 96, margin: 80, blend: 16).Denoise(noisy).Image;
        Assert.InRange(Rms(whole, tiled) / Rms(whole, noisy), 0, tolerance);
    }

    [Fact]
    public void Frozen_networks_train_no_more()
    {
        Image noisy = new GaussianNoise(25).AddTo(new Image(Samples.Picture(64, 64)), clip: false, new RunSettings());
        var options = new KlarOptions { Sigma = 25 / 255f, Effort = Effort.Fast, Steps = 3 };
        var networks = new WarmStart();
        Denoised first = new KlarDenoiser(options, new RunSettings { WarmStart = networks }).Denoise(noisy);
        Denoised frozen =
            new KlarDenoiser(options, new RunSettings { WarmStart = networks.Frozen(), Seed = 5 }).Denoise(noisy);
        Assert.Equal(first.Image.Planes[0].Samples.ToArray(), frozen.Image.Planes[0].Samples.ToArray());
        Assert.Equal(first.Report.Settings["weights"], frozen.Report.Settings["weights"]);
    }

    /// <summary>Changes nothing, and warns of the tile's number and of one thing more.</summary>
    private sealed class Warning : IDenoiser
    {
        private int _tile;

        public Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress, CancellationToken cancel) =>
            new(noisy, new DenoiseReport("warning", new Dictionary<string, string>(), 0, TimeSpan.Zero)
            {
                Warnings = [$"begins at {_tile++}", "seen"],
            });
    }

    private static double Rms(Image a, Image b) =>
        Math.Sqrt(a.Planes[0].Samples
            .ToArray()
            .Zip(b.Planes[0].Samples.ToArray(), static (x, y) => (double)(x - y) * (x - y))
            .Average());
}
