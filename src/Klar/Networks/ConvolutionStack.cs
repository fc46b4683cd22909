namespace Klar.Networks;

/// <summary>
/// A network that is a row of convolutions. All its parameters stand in one vector, layer after layer, each as
/// [tap][input][padded output] and then its biases.
/// </summary>
internal sealed class ConvolutionStack
{
    private readonly int[] _offsets;

    public ConvolutionStack(params ReadOnlySpan<ConvolutionLayer> layers)
        : this(new List<ConvolutionLayer>([.. layers]))
    {
        for (int l = 1; l < layers.Length; l++)
        {
            if (layers[l].Inputs != layers[l - 1].Outputs)
            {
                throw new ArgumentException(
                    $"Layer {l} takes {layers[l].Inputs} channels and gets {layers[l - 1].Outputs}.", nameof(layers));
            }
        }
    }

    private ConvolutionStack(List<ConvolutionLayer> layers)
    {
        Layers = layers;
        _offsets = new int[layers.Count + 1];
        for (int l = 0; l < layers.Count; l++)
        {
            _offsets[l + 1] = _offsets[l] + layers[l].ParameterCount;
        }
    }

    /// <summary>The parameters of convolutions that a <see cref="Network"/> connects in its own way.</summary>
    public static ConvolutionStack Unchained(params ReadOnlySpan<ConvolutionLayer> layers) =>
        new(new List<ConvolutionLayer>([.. layers]));

    public IReadOnlyList<ConvolutionLayer> Layers { get; }

    /// <summary>Length of the vector of parameters.</summary>
    public int ParameterCount => _offsets[^1];

    /// <summary>Pixels that an output sees beyond its own place.</summary>
    public int Reach => Layers.Sum(static layer => layer.Radius);

    /// <summary>
    /// Pixels around a tile where the gradient at the output must be known, so that the tile's share of every layer's
    /// weight gradient is complete.
    /// </summary>
    public int GradientReach => Layers.Skip(1).Sum(static layer => layer.Radius);

    /// <summary>Where layer <paramref name="layer"/>'s weights begin in the vector of parameters.</summary>
    public int WeightsAt(int layer) => _offsets[layer];

    /// <summary>Where layer <paramref name="layer"/>'s biases begin in the vector of parameters.</summary>
    public int BiasAt(int layer) => _offsets[layer] + Layers[layer].WeightCount;

    /// <summary>
    /// Puts weights as PyTorch stores them, [output][input][row][column], into <paramref name="parameters"/>.
    /// </summary>
    public void SetWeights(int layer, ReadOnlySpan<float> weights, Span<float> parameters)
    {
        ConvolutionLayer shape = Layers[layer];
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, shape.Outputs * shape.Inputs * shape.Taps);
        for (int i = 0; i < weights.Length; i++)
        {
            parameters[IndexOf(layer, i)] = weights[i];
        }
    }

    /// <summary>Takes the weights out as PyTorch stores them.</summary>
    public float[] GetWeights(int layer, ReadOnlySpan<float> parameters)
    {
        ConvolutionLayer shape = Layers[layer];
        float[] weights = new float[shape.Outputs * shape.Inputs * shape.Taps];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = parameters[IndexOf(layer, i)];
        }

        return weights;
    }

    private int IndexOf(int layer, int index)
    {
        // PyTorch keeps [output][input][tap], and [input][output][tap] where a convolution is transposed.
        ConvolutionLayer shape = Layers[layer];
        int tap = index % shape.Taps;
        int inner = index / shape.Taps % (shape.Upsamples ? shape.Outputs : shape.Inputs);
        int outer = index / shape.Taps / (shape.Upsamples ? shape.Outputs : shape.Inputs);
        (int input, int output) = shape.Upsamples ? (outer, inner) : (inner, outer);
        return _offsets[layer] + (((tap * shape.Inputs) + input) * shape.PaddedOutputs) + output;
    }
}
