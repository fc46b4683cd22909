namespace Klar.Networks;

/// <summary>
/// A network's parameters as a .safetensors file: for each convolution «n.weight» and «n.bias» in PyTorch's shapes.
/// </summary>
internal static class SavedWeights
{
    /// <summary>Writes all parameters, with text that says what they belong to.</summary>
    public static void Save(
        Stream to, ConvolutionStack layers, ReadOnlySpan<float> parameters, IReadOnlyDictionary<string, string> text) =>
        SafeTensors.Write(to, TensorsOf(layers, parameters), text);

    /// <summary>All parameters as named tensors.</summary>
    public static IReadOnlyList<SafeTensors.Tensor> TensorsOf(ConvolutionStack layers, ReadOnlySpan<float> parameters)
    {
        var tensors = new List<SafeTensors.Tensor>();
        for (int l = 0; l < layers.Layers.Count; l++)
        {
            ConvolutionLayer layer = layers.Layers[l];
            tensors.Add(new SafeTensors.Tensor($"{l}.weight", ShapeOf(layer), layers.GetWeights(l, parameters)));
            tensors.Add(new SafeTensors.Tensor(
                $"{l}.bias", [layer.Outputs], parameters.Slice(layers.BiasAt(l), layer.Outputs).ToArray()));
        }

        return tensors;
    }

    /// <summary>Reads all parameters and returns the text beside them.</summary>
    /// <exception cref="InvalidDataException">The file is not one, or is of another network.</exception>
    public static IReadOnlyDictionary<string, string> Load(Stream from, ConvolutionStack layers, Span<float> parameters)
    {
        (IReadOnlyList<SafeTensors.Tensor> tensors, IReadOnlyDictionary<string, string> text) = SafeTensors.Read(from);
        Take(tensors, layers, parameters);
        return text;
    }

    /// <summary>
    /// Takes all parameters from named tensors; where one is missing or of another shape, none is taken.
    /// </summary>
    /// <exception cref="InvalidDataException">They are those of another network.</exception>
    public static void Take(IReadOnlyList<SafeTensors.Tensor> tensors, ConvolutionStack layers, Span<float> parameters)
    {
        float[] loaded = new float[parameters.Length];
        for (int l = 0; l < layers.Layers.Count; l++)
        {
            ConvolutionLayer layer = layers.Layers[l];
            layers.SetWeights(l, Find(tensors, $"{l}.weight", ShapeOf(layer)), loaded);
            Find(tensors, $"{l}.bias", [layer.Outputs]).CopyTo(loaded.AsSpan(layers.BiasAt(l)));
        }

        if (tensors.Count != 2 * layers.Layers.Count)
        {
            throw new InvalidDataException(
                $"the weights are those of another network: {tensors.Count} tensors, not {2 * layers.Layers.Count}");
        }

        loaded.CopyTo(parameters);
    }

    private static int[] ShapeOf(ConvolutionLayer layer) => layer.Upsamples
        ? [layer.Inputs, layer.Outputs, layer.Kernel, layer.Kernel]
        : [layer.Outputs, layer.Inputs, layer.Kernel, layer.Kernel];

    private static float[] Find(IReadOnlyList<SafeTensors.Tensor> tensors, string name, int[] shape)
    {
        SafeTensors.Tensor? tensor = tensors.FirstOrDefault(tensor => tensor.Name == name);
        return tensor is not null && tensor.Shape.AsSpan().SequenceEqual(shape)
            ? tensor.Values
            : throw new InvalidDataException($"the weights are those of another network: '{name}' is not there, or "
                + $"is not {string.Join(" × ", shape)}");
    }
}
