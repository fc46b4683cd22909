namespace Klar.Networks;

/// <summary>
/// Where one worker sums the gradients of its tiles: the vector of parameters, and beside it the transformed layers'
/// weight gradients, which are summed as they come and transformed back once at the end.
/// </summary>
internal sealed class GradientSum
{
    private readonly PreparedWeights _weights;
    private readonly float[] _parameters;
    private readonly float[]?[] _transformed;

    public GradientSum(PreparedWeights weights)
    {
        _weights = weights;
        _parameters = new float[weights.Parameters.Length];
        IReadOnlyList<ConvolutionLayer> layers = weights.Stack.Layers;
        _transformed = new float[layers.Count][];
        for (int l = 0; l < layers.Count; l++)
        {
            _transformed[l] = weights.IsTransformed(l)
                ? new float[WinogradConvolution.Positions * layers[l].PaddedInputs * layers[l].Outputs]
                : null;
        }

        Narrow = new float[ConvolutionLayer.Lanes * layers.Max(static layer => layer.PaddedInputs)];
        Winograd = WinogradConvolution.For(weights.Stack);
    }

    /// <summary>The worker's scratch memory for transformed layers.</summary>
    public WinogradConvolution Winograd { get; }

    public Span<float> Weights(int layer) =>
        _parameters.AsSpan(_weights.Stack.WeightsAt(layer), _weights.Stack.Layers[layer].WeightCount);

    public Span<float> Bias(int layer) =>
        _parameters.AsSpan(_weights.Stack.BiasAt(layer), _weights.Stack.Layers[layer].PaddedOutputs);

    /// <summary>Scratch memory of narrow layers.</summary>
    public float[] Narrow { get; }

    /// <summary>dU of a transformed layer.</summary>
    public Span<float> Transformed(int layer) => _transformed[layer];

    public void Clear()
    {
        _parameters.AsSpan().Clear();
        foreach (float[]? sum in _transformed)
        {
            sum.AsSpan().Clear();
        }
    }

    /// <summary>Writes the whole gradient, in the order of the parameters.</summary>
    public void CopyTo(Span<float> gradient)
    {
        for (int l = 0; l < _transformed.Length; l++)
        {
            if (_transformed[l] is { } sum)
            {
                ConvolutionLayer layer = _weights.Stack.Layers[l];
                Winograd.AddWeightGradient(sum, layer.Inputs, layer.PaddedInputs, layer.Outputs, Weights(l));
            }
        }

        _parameters.CopyTo(gradient);
    }
}
