namespace Klar.Networks.Layers;

/// <summary>
/// What a node of a network does with the maps that come in; forward and backward stand beside each other.
/// </summary>
/// <param name="Outputs">Channels that go out.</param>
internal abstract record Layer(int Outputs)
{
    /// <summary>
    /// Sides of the output, as a ratio to those of the input: 1, or 2 or 1/2 where the layer changes the size.
    /// </summary>
    public virtual (int Width, int Height) SizeOf(int width, int height) => (width, height);

    /// <summary>Writes <paramref name="output"/>.</summary>
    public abstract void Forward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, PreparedWeights weights, WinogradConvolution scratch);

    /// <summary>
    /// Writes the gradient of each input that wants one (null does not) and adds that of the layer's own parameters to
    /// <paramref name="sum"/>. <paramref name="outputGradient"/> may be changed on the way.
    /// </summary>
    public abstract void Backward(
        ReadOnlySpan<FeatureMap> inputs, FeatureMap output, FeatureMap outputGradient,
        ReadOnlySpan<FeatureMap?> inputGradients, PreparedWeights weights, GradientSum sum);
}
