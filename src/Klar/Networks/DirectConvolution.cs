using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// Convolutions as matrix products without a detour: forward, backward to the data, backward to the weights. Features
/// lie as [row][column][channel]; a region's neighbour values lie in the larger region of the layer before, so that
/// there are no borders here.
/// </summary>
internal static class DirectConvolution
{
    private const int CachedNumbers = 64 * 1024;

    /// <summary>
    /// z = W x over a region whose input region is larger by the radius on each side. <paramref name="z"/> holds the
    /// biases (or whatever is to be added to) before.
    /// </summary>
    public static void Forward(
        ReadOnlySpan<float> x, int inputs, int stride, int kernel, ReadOnlySpan<float> weights, int outputs,
        Span<float> z, int width, int height) =>
        Forward(
            x, inputs, stride, (width + kernel - 1) * stride, kernel, weights, outputs, z, width * outputs, width,
            height);

    /// <summary>
    /// The same for maps whose rows lie <paramref name="xRow"/> and <paramref name="zRow"/> numbers apart.
    /// </summary>
    public static void Forward(
        ReadOnlySpan<float> x, int inputs, int stride, int xRow, int kernel, ReadOnlySpan<float> weights, int outputs,
        Span<float> z, int zRow, int width, int height)
    {
        Span<int> taps = stackalloc int[kernel * kernel];
        for (int t = 0; t < taps.Length; t++)
        {
            taps[t] = (t / kernel * xRow) + (t % kernel * stride);
        }

        // Without neighbours the rows of a dense region follow each other and are one long row.
        bool dense = kernel == 1 && xRow == width * stride && zRow == width * outputs;
        (int rows, int length) = dense ? (1, width * height) : (height, width);
        var product = new Product
        {
            Rows = length,
            Columns = outputs,
            Depth = inputs,
            ARow = stride,
            AColumn = 1,
            AOffsets = taps,
            BRow = outputs,
            BSegment = inputs * outputs,
            CRow = outputs,
        };
        for (int y = 0; y < rows; y++)
        {
            product.Run(x[(y * xRow)..], weights, z[(y * zRow)..]);
        }
    }

    /// <summary>
    /// dW_t += Σ_p x(p + t) dz(p) over the pixels of <paramref name="inner"/>; <paramref name="xRegion"/> and
    /// <paramref name="zRegion"/> say where the two maps lie.
    /// </summary>
    public static void WeightGradient(
        ReadOnlySpan<float> x, int inputs, int stride, Region xRegion, int kernel, ReadOnlySpan<float> dz, int outputs,
        Region zRegion, Region inner, Span<float> dw)
    {
        int radius = kernel / 2;
        Span<int> offsets = stackalloc int[inner.Height];
        for (int y = 0; y < offsets.Length; y++)
        {
            offsets[y] = y * xRegion.Width * stride;
        }

        // Some rows at a time, for all taps and weights: they stay in the second-level cache while every tile of
        // weights goes over them.
        int some = RowsAtATime(inner.Width * (stride + outputs));
        for (int top = 0; top < inner.Height; top += some)
        {
            for (int t = 0; t < kernel * kernel; t++)
            {
                int dx = (t % kernel) - radius;
                int dy = top + (t / kernel) - radius;
                new Product
                {
                    Rows = inputs,
                    Columns = outputs,
                    Depth = inner.Width,
                    ARow = 1,
                    AColumn = stride,
                    AOffsets = offsets[..Math.Min(some, inner.Height - top)],
                    BRow = outputs,
                    BSegment = zRegion.Width * outputs,
                    CRow = outputs,
                }.Run(
                    x[(xRegion.IndexOf(inner.X + dx, inner.Y + dy) * stride)..],
                    dz[(zRegion.IndexOf(inner.X, inner.Y + top) * outputs)..],
                    dw[(t * inputs * outputs)..]);
            }
        }
    }

    /// <summary>How many rows of so many numbers fit into a good part of the second-level cache.</summary>
    public static int RowsAtATime(int numbers) => Math.Max(1, CachedNumbers / Math.Max(1, numbers));

    /// <summary>
    /// The same for a kernel of side 1 with few outputs: the product is turned over, so that its lanes are the many
    /// inputs.
    /// </summary>
    public static void NarrowWeightGradient(
        ReadOnlySpan<float> x, ConvolutionLayer layer, int stride, Region xRegion, ReadOnlySpan<float> dz,
        Region zRegion, Region inner, Span<float> scratch, Span<float> dw)
    {
        Span<int> rows = stackalloc int[inner.Height];
        for (int y = 0; y < rows.Length; y++)
        {
            rows[y] = y * zRegion.Width * layer.PaddedOutputs;
        }

        Span<float> turned = scratch[..(layer.Outputs * layer.PaddedInputs)];
        new Product
        {
            Rows = layer.Outputs,
            Columns = layer.PaddedInputs,
            Depth = inner.Width,
            ARow = 1,
            AColumn = layer.PaddedOutputs,
            AOffsets = rows,
            BRow = stride,
            BSegment = xRegion.Width * stride,
            CRow = layer.PaddedInputs,
            Adds = false,
        }.Run(
            dz[(zRegion.IndexOf(inner.X, inner.Y) * layer.PaddedOutputs)..],
            x[(xRegion.IndexOf(inner.X, inner.Y) * stride)..], turned);
        for (int o = 0; o < layer.Outputs; o++)
        {
            for (int i = 0; i < layer.Inputs; i++)
            {
                dw[(i * layer.PaddedOutputs) + o] += turned[(o * layer.PaddedInputs) + i];
            }
        }
    }

    /// <summary>db += Σ_p dz(p) over the pixels of <paramref name="inner"/>.</summary>
    public static void BiasGradient(ReadOnlySpan<float> dz, int outputs, Region zRegion, Region inner, Span<float> db)
    {
        // A product with a row of ones: one pixel after the other, like every other sum here.
        Span<int> rows = stackalloc int[inner.Height];
        ReadOnlySpan<float> one = [1f];
        rows.Clear();
        new Product
        {
            Rows = 1,
            Columns = outputs,
            Depth = inner.Width,
            ARow = 0,
            AColumn = 0,
            AOffsets = rows,
            BRow = outputs,
            BSegment = zRegion.Width * outputs,
            CRow = outputs,
        }.Run(one, dz[(zRegion.IndexOf(inner.X, inner.Y) * outputs)..], db);
    }

    /// <summary>
    /// The weights that take the gradient back: [tap][input][output] becomes [mirrored tap][output][padded input].
    /// </summary>
    public static void Transpose(ConvolutionLayer layer, ReadOnlySpan<float> weights, Span<float> transposed)
    {
        int taps = layer.Taps;
        for (int t = 0; t < taps; t++)
        {
            for (int i = 0; i < layer.Inputs; i++)
            {
                ReadOnlySpan<float> row = weights.Slice(((t * layer.Inputs) + i) * layer.PaddedOutputs, layer.Outputs);
                int to = ((taps - 1 - t) * layer.Outputs * layer.PaddedInputs) + i;
                for (int o = 0; o < row.Length; o++)
                {
                    transposed[to + (o * layer.PaddedInputs)] = row[o];
                }
            }
        }
    }
}
