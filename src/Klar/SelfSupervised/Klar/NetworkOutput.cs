using Klar.Imaging;
using Klar.Networks;
using Klar.Scheduling;

namespace Klar.SelfSupervised.Klar;

/// <summary>A trained network on whole pictures: y − f(y), tile by tile.</summary>
internal sealed class NetworkOutput
{
    private const int Tile = 64;

    private readonly PreparedWeights _weights;
    private readonly Workers _workers;
    private readonly StackPass[] _passes;

    public NetworkOutput(PreparedWeights weights, int threads)
    {
        (_weights, _workers) = (weights, new Workers(threads));
        _passes = [.. Enumerable.Range(0, threads).Select(_ => new StackPass(weights, WinogradConvolution.For(weights.Stack), outputReach: 0, Tile, Tile))];
    }

    /// <summary>The picture less its noise; around the picture it is continued as in a mirror.</summary>
    public float[][] Of(float[][] planes, int width, int height, CancellationToken cancel)
    {
        int border = _weights.Stack.Reach;
        var input = new InputImage(width + (2 * border), height + (2 * border), planes.Length);
        for (int y = 0; y < input.Height; y++)
        {
            Span<float> row = input.Row(y);
            int from = BorderIndex.Mirror(y - border, height) * width;
            for (int x = 0; x < input.Width; x++)
            {
                int at = from + BorderIndex.Mirror(x - border, width);
                for (int c = 0; c < planes.Length; c++)
                {
                    row[(x * planes.Length) + c] = planes[c][at];
                }
            }
        }

        float[][] result = [.. planes.Select(static plane => new float[plane.Length])];
        int across = (width + Tile - 1) / Tile, down = (height + Tile - 1) / Tile;
        _workers.Run(new TileWork(this, input, planes, result, width, height, across), across * down, cancel);
        return result;
    }

    private sealed class TileWork(NetworkOutput output, InputImage input, float[][] planes, float[][] result, int width, int height, int across) : IWork
    {
        public void Run(int item, int worker)
        {
            int border = output._weights.Stack.Reach;
            (int left, int top) = (item % across * Tile, item / across * Tile);
            var tile = new Region(left + border, top + border, Math.Min(Tile, width - left), Math.Min(Tile, height - top));
            StackPass pass = output._passes[worker];
            pass.Forward(input, tile);
            ReadOnlySpan<float> noise = pass.Output;
            for (int y = 0; y < tile.Height; y++)
            {
                for (int x = 0; x < tile.Width; x++)
                {
                    int at = ((top + y) * width) + left + x, from = ((y * tile.Width) + x) * pass.OutputStride;
                    for (int c = 0; c < planes.Length; c++)
                    {
                        result[c][at] = planes[c][at] - noise[from + c];
                    }
                }
            }
        }
    }
}
