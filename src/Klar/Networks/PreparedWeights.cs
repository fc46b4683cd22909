namespace Klar.Networks;

/// <summary>
/// A stack's parameters and what is derived from them once a step: the weights that take gradients back.
/// </summary>
internal sealed class PreparedWeights
{
    private readonly float[][] _transposed;
    private readonly float[]?[] _forward;
    private readonly float[]?[] _backward;

    /// <param name="stack">The network.</param>
    /// <param name="winograd">Whether wide layers go through Winograd's transform, or all through direct sums.</param>
    public PreparedWeights(ConvolutionStack stack, bool winograd = true)
    {
        Stack = stack;
        Parameters = new float[stack.ParameterCount];
        _transposed = new float[stack.Layers.Count][];
        _forward = new float[stack.Layers.Count][];
        _backward = new float[stack.Layers.Count][];
        for (int l = 1; l < _transposed.Length; l++)
        {
            ConvolutionLayer layer = stack.Layers[l];
            _transposed[l] = new float[layer.Taps * layer.Outputs * layer.PaddedInputs];
            if (winograd && WinogradConvolution.Suits(layer))
            {
                _forward[l] = new float[WinogradConvolution.Positions * layer.PaddedInputs * layer.Outputs];
                _backward[l] = new float[WinogradConvolution.Positions * layer.PaddedInputs * layer.Outputs];
            }
        }
    }

    public ConvolutionStack Stack { get; }

    /// <summary>The vector of parameters; call <see cref="Prepare"/> after it changed.</summary>
    public float[] Parameters { get; }

    public ReadOnlySpan<float> Weights(int layer) =>
        Parameters.AsSpan(Stack.WeightsAt(layer), Stack.Layers[layer].WeightCount);

    public ReadOnlySpan<float> Bias(int layer) =>
        Parameters.AsSpan(Stack.BiasAt(layer), Stack.Layers[layer].PaddedOutputs);

    /// <summary>[mirrored tap][output][padded input]; not for the first layer, whose input needs no gradient.</summary>
    public ReadOnlySpan<float> Transposed(int layer) => _transposed[layer];

    /// <summary>Whether the layer goes through Winograd's transform.</summary>
    public bool IsTransformed(int layer) => _forward[layer] is not null;

    /// <summary>U of the layer's weights, [position][padded in][out].</summary>
    public ReadOnlySpan<float> TransformedWeights(int layer) => _forward[layer];

    /// <summary>U of the weights that take the gradient back, [position][out][padded in].</summary>
    public ReadOnlySpan<float> TransformedTransposed(int layer) => _backward[layer];

    /// <summary>Derives what depends on the parameters.</summary>
    public void Prepare()
    {
        for (int l = 1; l < _transposed.Length; l++)
        {
            ConvolutionLayer layer = Stack.Layers[l];
            DirectConvolution.Transpose(layer, Weights(l), _transposed[l]);
            if (_forward[l] is { } forward)
            {
                WinogradConvolution.TransformWeights(
                    Weights(l), layer.Inputs, layer.PaddedInputs, layer.Outputs, forward);
                WinogradConvolution.TransformWeights(
                    _transposed[l], layer.Outputs, layer.Outputs, layer.PaddedInputs, _backward[l]);
            }
        }
    }
}
