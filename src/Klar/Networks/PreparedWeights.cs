namespace Klar.Networks;

/// <summary>A stack's parameters and what is derived from them once a step: the weights that take gradients back.</summary>
internal sealed class PreparedWeights
{
    private readonly float[][] _transposed;

    public PreparedWeights(ConvolutionStack stack)
    {
        Stack = stack;
        Parameters = new float[stack.ParameterCount];
        _transposed = new float[stack.Layers.Count][];
        for (int l = 1; l < _transposed.Length; l++)
        {
            ConvolutionLayer layer = stack.Layers[l];
            _transposed[l] = new float[layer.Taps * layer.Outputs * layer.PaddedInputs];
        }
    }

    public ConvolutionStack Stack { get; }

    /// <summary>The vector of parameters; call <see cref="Prepare"/> after it changed.</summary>
    public float[] Parameters { get; }

    public ReadOnlySpan<float> Weights(int layer) => Parameters.AsSpan(Stack.WeightsAt(layer), Stack.Layers[layer].WeightCount);

    public ReadOnlySpan<float> Bias(int layer) => Parameters.AsSpan(Stack.BiasAt(layer), Stack.Layers[layer].PaddedOutputs);

    /// <summary>[mirrored tap][output][padded input]; not for the first layer, whose input needs no gradient.</summary>
    public ReadOnlySpan<float> Transposed(int layer) => _transposed[layer];

    /// <summary>Derives what depends on the parameters.</summary>
    public void Prepare()
    {
        for (int l = 1; l < _transposed.Length; l++)
        {
            DirectConvolution.Transpose(Stack.Layers[l], Weights(l), _transposed[l]);
        }
    }
}
