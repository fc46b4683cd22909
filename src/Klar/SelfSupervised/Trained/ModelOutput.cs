using Klar.Imaging;
using Klar.Networks;
using Klar.Scheduling;

namespace Klar.SelfSupervised.Trained;

/// <summary>
/// A network of UNet's shape on pictures of any size, in tiles with surroundings that fade into each other: memory
/// does not grow with the picture, and tiles are worked on at once.
/// </summary>
internal sealed class ModelOutput
{
    // Multiples of UNet's: its grid lies the same in every tile.
    private const int Side = 384;
    private const int Margin = 80;
    private const int Blend = 16;

    private readonly Network _network;
    private readonly PreparedWeights _weights;
    private readonly Workers _workers;

    public ModelOutput(Network network, PreparedWeights weights, int threads) =>
        (_network, _weights, _workers) = (network, weights, new Workers(threads));

    /// <summary>What the network makes of a picture, [channel], row-major.</summary>
    public float[][] Of(float[][] planes, int width, int height, IProgress<double>? progress, CancellationToken cancel)
    {
        var tiling = new Tiling(width, height, Side, Margin, Blend);
        Tiling.Tile[] tiles = [.. tiling.Tiles];
        float[][] result = [.. planes.Select(static plane => new float[plane.Length])];
        var work = new TileWork(this, planes, width, _workers.Count, cancel);

        // As many tiles at once as there are workers, added in their order.
        for (int first = 0; first < tiles.Length; first += _workers.Count)
        {
            int count = Math.Min(_workers.Count, tiles.Length - first);
            work.Begin(tiles.AsMemory(first, count));
            _workers.Run(work, count, cancel);
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < result.Length; c++)
                {
                    tiling.Add(tiles[first + i], work.Results[i][c], result[c]);
                }
            }

            progress?.Report((double)(first + count) / tiles.Length);
        }

        return result;
    }

    private sealed class TileWork(
        ModelOutput output, float[][] planes, int stride, int workers, CancellationToken cancel) : IWork
    {
        private readonly ForwardPass?[] _passes = new ForwardPass?[workers];
        private ReadOnlyMemory<Tiling.Tile> _tiles;

        public float[][][] Results { get; } = new float[workers][][];

        public void Begin(ReadOnlyMemory<Tiling.Tile> tiles) => _tiles = tiles;

        public void Run(int item, int worker)
        {
            Tiling.Tile tile = _tiles.Span[item];
            int width = ReflectPadding.SizeOf(tile.Width, UNet.Multiple),
                height = ReflectPadding.SizeOf(tile.Height, UNet.Multiple);
            ForwardPass? pass = _passes[worker];
            if (pass is null || (pass.Input.Width, pass.Input.Height) != (width, height))
            {
                _passes[worker] = pass = new ForwardPass(
                    output._network, output._weights, WinogradConvolution.For(output._network.Parameters), width,
                    height);
            }

            float[] part = new float[tile.Width * tile.Height];
            for (int c = 0; c < planes.Length; c++)
            {
                for (int y = 0; y < tile.Height; y++)
                {
                    planes[c].AsSpan(((tile.Y + y) * stride) + tile.X, tile.Width).CopyTo(part.AsSpan(y * tile.Width));
                }

                ReflectPadding.Fill(part, tile.Width, tile.Height, pass.Input, c);
            }

            pass.Run(cancel);
            Results[item] = [.. Enumerable.Range(0, planes.Length).Select(
                c => ReflectPadding.Cut(pass.Output, c, tile.Width, tile.Height))];
        }
    }
}
