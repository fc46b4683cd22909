namespace Klar.Networks;

/// <summary>
/// One pass of a stack of convolutions over a tile of an image, forward and backward, in memory that is laid out once.
/// A tile computes everything it needs from the image around it, so tiles know nothing of each other and their weight
/// gradients add up to the whole image's.
/// </summary>
/// <remarks>
/// Each layer covers the tile grown by what later layers and the loss need of it; outside the image activations are
/// zero, which is the layers' padding, and gradients are too.
/// <code>
/// output      tile grown by outputReach
/// layer l     grown by outputReach + the radii of the layers after l
/// gradient l  grown by the radii of layers 2 to l
/// </code>
/// </remarks>
internal sealed class StackPass
{
    private readonly PreparedWeights _weights;
    private readonly WinogradConvolution _winograd;
    private readonly ConvolutionStack _stack;
    private readonly int _outputReach;
    private readonly bool _unfolds;
    private readonly float[] _input;
    private readonly float[][] _activations;
    private readonly float[][] _gradients;
    private readonly int[] _halo;
    private readonly float[] _noBias;
    private Region _tile;
    private int _imageWidth;
    private int _imageHeight;

    /// <param name="weights">The network.</param>
    /// <param name="winograd">The worker's scratch memory.</param>
    /// <param name="outputReach">How far around a tile the output is wanted.</param>
    /// <param name="tileWidth">The widest tile.</param>
    /// <param name="tileHeight">The highest tile.</param>
    public StackPass(
        PreparedWeights weights, WinogradConvolution winograd, int outputReach, int tileWidth, int tileHeight)
    {
        (_weights, _winograd, _stack, _outputReach) = (weights, winograd, weights.Stack, outputReach);
        int count = _stack.Layers.Count;
        _halo = new int[count + 1];
        _noBias = new float[_stack.Layers.Max(static layer => layer.PaddedInputs)];
        _halo[count] = outputReach;
        for (int l = count - 1; l >= 0; l--)
        {
            _halo[l] = _halo[l + 1] + _stack.Layers[l].Radius;
        }

        // A picture's one or three channels make short sums; put its nine neighbours side by side and they are nine
        // times longer.
        ConvolutionLayer first = _stack.Layers[0];
        _unfolds = first.Inputs < ConvolutionLayer.Lanes;
        var tile = new Region(0, 0, tileWidth, tileHeight);
        _input = new float[(_unfolds
            ? tile.Grown(_halo[1]).Pixels * first.Inputs * first.Taps
            : tile.Grown(_halo[0]).Pixels * first.Inputs) + InputImage.Slack];
        _activations = new float[count][];
        _gradients = new float[count][];
        for (int l = 0; l < count; l++)
        {
            int padded = _stack.Layers[l].PaddedOutputs;
            _activations[l] = new float[tile.Grown(_halo[l + 1]).Pixels * padded];
            _gradients[l] = new float[tile.Grown(GradientHalo(l)).Pixels * padded];
        }
    }

    /// <summary>Where the output lies.</summary>
    public Region OutputRegion => _tile.Grown(_outputReach);

    /// <summary>The network's output, [row][column][padded channel] over <see cref="OutputRegion"/>.</summary>
    public ReadOnlySpan<float> Output => _activations[^1].AsSpan(0, OutputRegion.Pixels * OutputStride);

    /// <summary>Numbers from one pixel of the output, and of its gradient, to the next.</summary>
    public int OutputStride => _stack.Layers[^1].PaddedOutputs;

    /// <summary>Where the gradient at the output is wanted.</summary>
    public Region GradientRegion => _tile.Grown(GradientHalo(_stack.Layers.Count - 1));

    /// <summary>
    /// The gradient of the loss at the output over <see cref="GradientRegion"/>, to be filled before
    /// <see cref="Backward"/>; zero outside the image and in padded channels.
    /// </summary>
    public Span<float> OutputGradient => _gradients[^1].AsSpan(0, GradientRegion.Pixels * OutputStride);

    /// <summary>Runs the network over <paramref name="tile"/> of an image.</summary>
    public void Forward(InputImage image, Region tile)
    {
        (_tile, _imageWidth, _imageHeight) = (tile, image.Width, image.Height);
        ConvolutionLayer first = _stack.Layers[0];
        image.Gather(tile.Grown(_unfolds ? _halo[1] : _halo[0]), _unfolds ? first.Kernel : 1, _input);

        ReadOnlySpan<float> x = _input;
        for (int l = 0; l < _stack.Layers.Count; l++)
        {
            ConvolutionLayer layer = _stack.Layers[l];
            Region region = tile.Grown(_halo[l + 1]);
            Span<float> z = _activations[l].AsSpan(0, region.Pixels * layer.PaddedOutputs);
            if (_weights.IsTransformed(l))
            {
                _winograd.Forward(
                    x, layer.PaddedInputs, _weights.TransformedWeights(l), layer.Outputs, _weights.Bias(l),
                    layer.Slope, z, region.Width * layer.Outputs, region.Width, region.Height);
            }
            else
            {
                Fill(z, _weights.Bias(l));
                (int inputs, int stride, int kernel) = InputShape(l);
                DirectConvolution.Forward(
                    x, inputs, stride, kernel, _weights.Weights(l), layer.PaddedOutputs, z, region.Width,
                    region.Height);
                Rectifier.Forward(z, layer.Slope);
            }

            if (l < _stack.Layers.Count - 1)
            {
                ClearOutside(z, layer.PaddedOutputs, region);
            }

            x = z;
        }
    }

    /// <summary>
    /// Adds this tile's share of the gradient of all parameters to <paramref name="sum"/>, from
    /// <see cref="OutputGradient"/>.
    /// </summary>
    public void Backward(GradientSum sum)
    {
        for (int l = _stack.Layers.Count - 1; l >= 0; l--)
        {
            ConvolutionLayer layer = _stack.Layers[l];
            Region region = _tile.Grown(GradientHalo(l));
            Span<float> dz = _gradients[l].AsSpan(0, region.Pixels * layer.PaddedOutputs);
            ApplyRectifier(l, dz, region);

            (int inputs, int stride, int kernel) = InputShape(l);
            ReadOnlySpan<float> x = l == 0 ? _input : _activations[l - 1];
            Region xRegion = _tile.Grown(l == 0 && _unfolds ? _halo[1] : _halo[l]);
            if (layer.Outputs < ConvolutionLayer.Lanes && layer.Kernel == 1 && l > 0)
            {
                DirectConvolution.NarrowWeightGradient(
                    x, layer, stride, xRegion, dz, region, _tile, sum.Narrow, sum.Weights(l));
            }
            else if (_weights.IsTransformed(l))
            {
                _winograd.WeightGradient(
                    x, stride, xRegion, dz, layer.PaddedOutputs, region, _tile, sum.Transformed(l));
            }
            else
            {
                DirectConvolution.WeightGradient(
                    x, inputs, stride, xRegion, kernel, dz, layer.PaddedOutputs, region, _tile, sum.Weights(l));
            }

            DirectConvolution.BiasGradient(dz, layer.PaddedOutputs, region, _tile, sum.Bias(l));
            if (l > 0)
            {
                Region before = _tile.Grown(GradientHalo(l - 1));
                Span<float> dx = _gradients[l - 1].AsSpan(0, before.Pixels * layer.PaddedInputs);
                if (_weights.IsTransformed(l))
                {
                    _winograd.Forward(
                        dz, layer.Outputs, _weights.TransformedTransposed(l), layer.PaddedInputs, _noBias.AsSpan(
                            0,
                            layer.PaddedInputs), 1, dx, before.Width * layer.PaddedInputs, before.Width, before.Height);
                }
                else
                {
                    dx.Clear();
                    DirectConvolution.Forward(
                        dz, layer.Outputs, layer.PaddedOutputs, layer.Kernel, _weights.Transposed(l),
                        layer.PaddedInputs, dx, before.Width, before.Height);
                }

                ClearOutside(dx, layer.PaddedInputs, before);
            }
        }
    }

    /// <summary>How the layer's product sees its input: terms a pixel, numbers a pixel, side of the kernel.</summary>
    private (int Inputs, int Stride, int Kernel) InputShape(int l)
    {
        ConvolutionLayer layer = _stack.Layers[l];
        if (l > 0)
        {
            return (layer.Inputs, _stack.Layers[l - 1].PaddedOutputs, layer.Kernel);
        }

        int terms = _unfolds ? layer.Inputs * layer.Taps : layer.Inputs;
        return (terms, terms, _unfolds ? 1 : layer.Kernel);
    }

    private int GradientHalo(int l)
    {
        int halo = 0;
        for (int i = 1; i <= l; i++)
        {
            halo += _stack.Layers[i].Radius;
        }

        return halo;
    }

    private void ApplyRectifier(int l, Span<float> dz, Region region)
    {
        ConvolutionLayer layer = _stack.Layers[l];
        if (layer.Slope == 1)
        {
            return;
        }

        Region all = _tile.Grown(_halo[l + 1]);
        int row = region.Width * layer.PaddedOutputs;
        for (int y = 0; y < region.Height; y++)
        {
            int at = all.IndexOf(region.X, region.Y + y) * layer.PaddedOutputs;
            Rectifier.Backward(_activations[l].AsSpan(at, row), dz.Slice(y * row, row), layer.Slope);
        }
    }

    private static void Fill(Span<float> z, ReadOnlySpan<float> bias)
    {
        // Doubling copies: a few long ones instead of one for each pixel.
        bias.CopyTo(z);
        for (int filled = bias.Length; filled < z.Length; filled *= 2)
        {
            z[..Math.Min(filled, z.Length - filled)].CopyTo(z[filled..]);
        }
    }

    private void ClearOutside(Span<float> map, int stride, Region region)
    {
        int left = Math.Clamp(-region.X, 0, region.Width);
        int right = Math.Clamp(region.X + region.Width - _imageWidth, 0, region.Width);
        for (int y = 0; y < region.Height; y++)
        {
            Span<float> row = map.Slice(y * region.Width * stride, region.Width * stride);
            int imageRow = region.Y + y;
            if (imageRow < 0 || imageRow >= _imageHeight)
            {
                row.Clear();
            }
            else
            {
                row[..(left * stride)].Clear();
                row[^(right * stride)..].Clear();
            }
        }
    }
}
