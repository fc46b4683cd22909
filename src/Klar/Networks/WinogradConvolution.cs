using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// 3 × 3 convolutions between wide layers by Winograd's F(4×4, 3×3): tiles of 6 × 6 inputs become 36 numbers a channel,
/// each of the 36 positions is a matrix product over channels, and a tile of 4 × 4 outputs comes back: 36
/// multiplications where the sum has 144. Forward, backward to the data and backward to the weights.
/// </summary>
/// <remarks>
/// <code>
/// V = Bᵀ x B   U = G w Gᵀ   z  = Aᵀ (Σ_in V U) A
/// dU = Σ_tiles V (A dz Aᵀ)            dw = Gᵀ dU G
/// </code>
/// Layout: transformed tiles as [position][tile][channel], so that a position is a product of (tiles × in) by (in ×
/// out) with rows of 48 neighbours. A block of tiles is small enough for its V, its products and U to stay in the
/// second-level
/// cache: 36 · 48 · 4 bytes = 7 kB for each tile and map, 330 kB for U.
/// </remarks>
internal sealed class WinogradConvolution
{
    /// <summary>Positions of a transformed tile.</summary>
    public const int Positions = 36;

    private const int Side = 4;
    private const int BlockTiles = 24; // a multiple of 8, the rows of a product's tile

    private static readonly int[] OneSegment = [0];

    private readonly float[] _left;
    private readonly float[] _right;
    private readonly float[] _edge;

    /// <summary>Scratch memory for one worker, for layers of up to so many channels, a multiple of 16.</summary>
    public WinogradConvolution(int channels)
    {
        _left = new float[Positions * BlockTiles * channels];
        _right = new float[Positions * BlockTiles * channels];
        _edge = new float[6 * 6 * channels];
    }

    /// <summary>Scratch memory for one worker and every layer of <paramref name="stack"/>.</summary>
    public static WinogradConvolution For(ConvolutionStack stack) =>
        new(stack.Layers.Max(static layer => Math.Max(layer.PaddedInputs, layer.PaddedOutputs)));

    /// <summary>
    /// Whether a layer is wide enough for this to pay. Inputs are multiplied as they lie in memory, padded with
    /// zeros.
    /// </summary>
    public static bool Suits(ConvolutionLayer layer) =>
        layer.Kernel == 3 && layer.Inputs >= ConvolutionLayer.Lanes && layer.Outputs % ConvolutionLayer.Lanes == 0;

    /// <summary>U = G w Gᵀ: [tap][in][out] becomes [position][padded in][out], whose padding stays as it is.</summary>
    public static void TransformWeights(
        ReadOnlySpan<float> weights, int inputs, int paddedInputs, int outputs, Span<float> u)
    {
        int map = inputs * outputs, paddedMap = paddedInputs * outputs;
        for (int i = 0; i < inputs; i++)
        {
            WinogradTransform.Apply<WeightStep>(
                weights[(i * outputs)..], 3 * map, map, u[(i * outputs)..], 6 * paddedMap, paddedMap, outputs);
        }
    }

    /// <summary>dw += Gᵀ dU G: [position][padded in][out] becomes [tap][in][out].</summary>
    public void AddWeightGradient(ReadOnlySpan<float> du, int inputs, int paddedInputs, int outputs, Span<float> dw)
    {
        int map = inputs * outputs, paddedMap = paddedInputs * outputs;
        Span<float> taps = _edge.AsSpan(0, 9 * outputs);
        for (int i = 0; i < inputs; i++)
        {
            WinogradTransform.Apply<WeightGradientStep>(
                du[(i * outputs)..], 6 * paddedMap, paddedMap, taps, 3 * outputs, outputs, outputs);
            for (int t = 0; t < 9; t++)
            {
                Pixelwise.Add(taps.Slice(t * outputs, outputs), dw.Slice((t * map) + (i * outputs), outputs));
            }
        }
    }

    /// <summary>
    /// z = rectified (W x + bias) over width × height outputs; the input's region is larger by one pixel on each side.
    /// Rows of z lie <paramref name="zRow"/> numbers apart. Inputs and outputs are counted with their padding here.
    /// </summary>
    public void Forward(
        ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> u, int outputs, ReadOnlySpan<float> bias, float slope,
        Span<float> z, int zRow, int width, int height)
    {
        var grid = new TileGrid(width, height);
        for (int first = 0; first < grid.Count; first += BlockTiles)
        {
            int count = Math.Min(BlockTiles, grid.Count - first);
            TransformInput(x, inputs, width + 2, height + 2, grid, first, count, 0, 0);

            // Rows up to the next multiple of 8 hold what an earlier block left; their results are not looked at.
            Multiply(inputs, u, outputs, (count + 7) / 8 * 8);
            for (int t = 0; t < count; t++)
            {
                (int left, int top) = grid.Origin(first + t);
                (int columns, int rows) = (Math.Min(Side, width - left), Math.Min(Side, height - top));
                ReadOnlySpan<float> products = _right.AsSpan(t * outputs);
                int position = BlockTiles * outputs;
                if (columns == Side && rows == Side)
                {
                    Span<float> tile = z[((top * zRow) + (left * outputs))..];
                    WinogradTransform.Output(products, 6 * position, position, bias, slope, tile, zRow, outputs);
                    continue;
                }

                WinogradTransform.Output(products, 6 * position, position, bias, slope, _edge, Side * outputs, outputs);
                for (int y = 0; y < rows; y++)
                {
                    _edge.AsSpan(y * Side * outputs, columns * outputs).CopyTo(
                        z[(((top + y) * zRow) + (left * outputs))..]);
                }
            }
        }
    }

    /// <summary>
    /// dU += Σ V (A dz Aᵀ) over the pixels of <paramref name="inner"/>; the regions say where the two maps lie.
    /// </summary>
    public void WeightGradient(
        ReadOnlySpan<float> x, int inputs, Region xRegion, ReadOnlySpan<float> dz, int outputs, Region zRegion,
        Region inner, Span<float> du)
    {
        var grid = new TileGrid(inner.Width, inner.Height);
        int skipX = inner.X - 1 - xRegion.X;
        int skipY = inner.Y - 1 - xRegion.Y;
        for (int first = 0; first < grid.Count; first += BlockTiles)
        {
            int count = Math.Min(BlockTiles, grid.Count - first);
            TransformInput(x, inputs, xRegion.Width, xRegion.Height, grid, first, count, skipX, skipY);
            TransformGradient(dz, outputs, zRegion, inner, grid, first, count);
            for (int p = 0; p < Positions; p++)
            {
                new Product
                {
                    Rows = inputs,
                    Columns = outputs,
                    Depth = count,
                    ARow = 1,
                    AColumn = inputs,
                    AOffsets = OneSegment,
                    BRow = outputs,
                    CRow = outputs,
                }.Run(
                    _left.AsSpan(p * BlockTiles * inputs), _right.AsSpan(p * BlockTiles * outputs),
                    du[(p * inputs * outputs)..]);
            }
        }
    }

    private void Multiply(int inputs, ReadOnlySpan<float> u, int outputs, int rows)
    {
        for (int p = 0; p < Positions; p++)
        {
            Span<float> products = _right.AsSpan(p * BlockTiles * outputs, rows * outputs);
            new Product
            {
                Rows = rows,
                Columns = outputs,
                Depth = inputs,
                ARow = inputs,
                AColumn = 1,
                AOffsets = OneSegment,
                BRow = outputs,
                CRow = outputs,
                Adds = false,
            }.Run(_left.AsSpan(p * BlockTiles * inputs), u[(p * inputs * outputs)..], products);
        }
    }

    /// <summary>
    /// V of a block of tiles; a tile's inputs begin at its origin plus the skip. Beyond the map lie zeros.
    /// </summary>
    private void TransformInput(
        ReadOnlySpan<float> x, int inputs, int width, int height, TileGrid grid, int first, int count, int skipX,
        int skipY)
    {
        int position = BlockTiles * inputs;
        for (int t = 0; t < count; t++)
        {
            (int left, int top) = grid.Origin(first + t);
            (left, top) = (left + skipX, top + skipY);
            Span<float> v = _left.AsSpan(t * inputs);
            if (left + 6 <= width && top + 6 <= height)
            {
                WinogradTransform.Apply<InputStep>(
                    x[(((top * width) + left) * inputs)..], width * inputs, inputs, v, 6 * position, position, inputs);
                continue;
            }

            CopyPart(x, width, left, top, Math.Min(6, width - left), Math.Min(6, height - top), inputs, 6);
            WinogradTransform.Apply<InputStep>(_edge, 6 * inputs, inputs, v, 6 * position, position, inputs);
        }
    }

    /// <summary>
    /// A dz Aᵀ of a block of tiles; gradients outside <paramref name="inner"/> belong to other tiles and count as
    /// zero.
    /// </summary>
    private void TransformGradient(
        ReadOnlySpan<float> dz, int outputs, Region zRegion, Region inner, TileGrid grid, int first, int count)
    {
        int position = BlockTiles * outputs;
        for (int t = 0; t < count; t++)
        {
            (int left, int top) = grid.Origin(first + t);
            (int columns, int rows) = (Math.Min(Side, inner.Width - left), Math.Min(Side, inner.Height - top));
            (left, top) = (left + inner.X - zRegion.X, top + inner.Y - zRegion.Y);
            Span<float> to = _right.AsSpan(t * outputs);
            if (columns == Side && rows == Side)
            {
                ReadOnlySpan<float> tile = dz[(((top * zRegion.Width) + left) * outputs)..];
                WinogradTransform.Apply<OutputGradientStep>(
                    tile, zRegion.Width * outputs, outputs, to, 6 * position, position, outputs);
                continue;
            }

            CopyPart(dz, zRegion.Width, left, top, columns, rows, outputs, Side);
            WinogradTransform.Apply<OutputGradientStep>(
                _edge, Side * outputs, outputs, to, 6 * position, position, outputs);
        }
    }

    /// <summary>The part of a map that there is, in a square of zeros.</summary>
    private void CopyPart(
        ReadOnlySpan<float> map, int width, int left, int top, int columns, int rows, int channels, int side)
    {
        _edge.AsSpan(0, side * side * channels).Clear();
        for (int y = 0; y < rows; y++)
        {
            map.Slice((((top + y) * width) + left) * channels, columns * channels).CopyTo(
                _edge.AsSpan(y * side * channels));
        }
    }

    private readonly record struct TileGrid(int Width, int Height)
    {
        private int Across => (Width + Side - 1) / Side;

        public int Count => Across * ((Height + Side - 1) / Side);

        public (int Left, int Top) Origin(int tile) => (tile % Across * Side, tile / Across * Side);
    }
}
