using Klar.Imaging;
using Klar.Networks;
using Klar.Scheduling;

namespace Klar.Prior;

/// <summary>
/// The prior on pictures of any size, in tiles of about one size with surroundings: memory does not grow with the
/// picture. What lies farther away than the
/// surroundings reach has next to no weight.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="weights">Its weights, prepared.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="maxSide">The largest side of a tile without its surroundings.</param>
/// <param name="maxWhole">The largest side of a picture that is taken whole.</param>
internal sealed class PriorOutput(
    Network network, PreparedWeights weights, int threads, int maxSide = 256, int maxWhole = PriorOutput.MaxWhole)
{
    // Multiples of the network's: its grid lies the same in every tile.
    private const int Margin = 32;
    private const int Blend = 8;

    // A picture that is hardly larger than a tile with its surroundings is taken whole: nothing is computed twice.
    private const int MaxWhole = 512;

    private readonly Network _network = network;
    private readonly PreparedWeights _weights = weights;
    private readonly Workers _workers = new(threads);

    // A pass for each worker, of that size, for as many pictures as there are.
    private readonly ForwardPass?[] _passes = new ForwardPass?[threads];
    private (int Width, int Height) _whole;

    /// <summary>Whether a picture of this size is taken whole.</summary>
    public static bool IsOneTile(int width, int height) => Math.Max(width, height) <= MaxWhole;

    /// <summary>The picture without its noise, row-major.</summary>
    public float[] Of(ReadOnlyMemory<float> noisy, ReadOnlyMemory<float> level, (float Across, float Down) lag1,
        int width, int height, IProgress<double>? progress, CancellationToken cancel)
    {
        bool isWhole = Math.Max(width, height) <= maxWhole;
        (int across, int down) = (SideOf(width, isWhole), SideOf(height, isWhole));
        var tiling = new Tiling(width, height, across, Margin, Blend, down);
        Tiling.Tile[] tiles = [.. tiling.Tiles];
        float[] result = new float[width * height];
        (int Width, int Height) whole = (WholeOf(width, across), WholeOf(height, down));
        if (whole != _whole)
        {
            Array.Clear(_passes);
            _whole = whole;
        }

        var work = new TileWork(this, noisy, level, lag1, width, cancel);

        // As many tiles at once as there are workers, added in their order.
        for (int first = 0; first < tiles.Length; first += _workers.Count)
        {
            int count = Math.Min(_workers.Count, tiles.Length - first);
            work.Begin(tiles.AsMemory(first, count));
            _workers.Run(work, count, cancel);
            for (int i = 0; i < count; i++)
            {
                tiling.Add(tiles[first + i], work.Results[i], result);
            }

            progress?.Report((double)(first + count) / tiles.Length);
        }

        return result;
    }

    /// <summary>As few tiles as there can be, of about one size.</summary>
    private int SideOf(int length, bool isWhole)
    {
        int tiles = isWhole ? 1 : (length + maxSide - 1) / maxSide;
        return Math.Max(2 * Blend, ReflectPadding.SizeOf((length + tiles - 1) / tiles, PriorNetwork.Multiple));
    }

    /// <summary>
    /// A tile with its surroundings. Those at the edges, which have less, are filled up: all take the same memory.
    /// </summary>
    private static int WholeOf(int length, int side) =>
        Math.Min(side + (2 * (Margin + Blend)), ReflectPadding.SizeOf(length, PriorNetwork.Multiple));

    private sealed class TileWork(
        PriorOutput output, ReadOnlyMemory<float> noisy, ReadOnlyMemory<float> level, (float Across, float Down) lag1,
        int stride, CancellationToken cancel) : IWork
    {
        private ReadOnlyMemory<Tiling.Tile> _tiles;

        public float[][] Results { get; } = new float[output._workers.Count][];

        public void Begin(ReadOnlyMemory<Tiling.Tile> tiles) => _tiles = tiles;

        public void Run(int item, int worker)
        {
            Tiling.Tile tile = _tiles.Span[item];
            ForwardPass pass = output._passes[worker] ??= new ForwardPass(
                output._network, output._weights, WinogradConvolution.For(output._network.Parameters),
                output._whole.Width, output._whole.Height);
            float[] picture = Cut(noisy.Span, tile);
            PriorInput.Fill(pass.Input, picture, Cut(level.Span, tile), tile.Width, tile.Height, lag1);
            pass.Run(cancel);
            for (int y = 0; y < tile.Height; y++)
            {
                ReadOnlySpan<float> found = pass.Output.Row(y);
                for (int x = 0; x < tile.Width; x++)
                {
                    picture[(y * tile.Width) + x] -= found[x * pass.Output.Stride] / PriorInput.Scale;
                }
            }

            Results[item] = picture;
        }

        private float[] Cut(ReadOnlySpan<float> plane, Tiling.Tile tile)
        {
            float[] part = new float[tile.Width * tile.Height];
            for (int y = 0; y < tile.Height; y++)
            {
                plane.Slice(((tile.Y + y) * stride) + tile.X, tile.Width).CopyTo(part.AsSpan(y * tile.Width));
            }

            return part;
        }
    }
}
