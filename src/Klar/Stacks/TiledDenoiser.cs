using Klar.Imaging;

namespace Klar;

/// <summary>
/// Denoises a page in tiles, so that memory does not grow with it beyond input and result. What must be the same all
/// over the page (noise, networks) is to be given to <paramref name="inner"/> by its <see cref="RunSettings.Stack"/>
/// and <see cref="RunSettings.WarmStart"/>.
/// </summary>
/// <param name="inner">Denoises a tile with its surroundings.</param>
/// <param name="side">Side of a tile without them.</param>
/// <param name="margin">Pixels around a tile that its result depends on: the method's reach.</param>
/// <param name="blend">
/// Pixels to each side of a border over which results fade into each other; 0 where tiles agree exactly.
/// </param>
public sealed class TiledDenoiser(IDenoiser inner, int side, int margin, int blend) : IDenoiser
{
    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        var tiling = new Tiling(noisy.Width, noisy.Height, side, margin, blend);
        Tiling.Tile[] tiles = [.. tiling.Tiles];
        float[][] page = [.. noisy.Planes.Select(static plane => new float[plane.Samples.Length])];
        DenoiseReport? report = null;
        var warnings = new List<string>();
        TimeSpan elapsed = TimeSpan.Zero;
        for (int i = 0; i < tiles.Length; i++)
        {
            Image tile = noisy.Crop(tiles[i].X, tiles[i].Y, tiles[i].Width, tiles[i].Height);
            Denoised denoised = inner.Denoise(tile, cancel: cancel);
            for (int c = 0; c < page.Length; c++)
            {
                tiling.Add(tiles[i], denoised.Image.Planes[c].Samples, page[c]);
            }

            report ??= denoised.Report;
            warnings.AddRange(denoised.Report.Warnings);
            elapsed += denoised.Report.Elapsed;
            progress?.Report(new DenoiseProgress($"tile {i + 1} of {tiles.Length}", (i + 1.0) / tiles.Length));
        }

        report = report!.With("tiles", $"{tiles.Length}") with
        {
            Elapsed = elapsed,
            Noise = null,
            Warnings = [.. warnings.Distinct()],
        };
        return new Denoised(
            noisy.With([.. page.Select(samples => new Plane(noisy.Width, noisy.Height, samples))]), report);
    }
}
