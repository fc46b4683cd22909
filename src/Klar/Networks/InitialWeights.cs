using Klar.Numerics;

namespace Klar.Networks;

/// <summary>Parameters before training.</summary>
internal static class InitialWeights
{
    /// <summary>
    /// Weights and biases from U(−1/√fan_in, 1/√fan_in), fan_in = inputs · taps: PyTorch's default for convolutions.
    /// </summary>
    public static void Uniform(ConvolutionStack stack, ulong seed, Span<float> parameters)
    {
        var random = new CounterRandom(seed, RandomStream.InitialWeights);
        ulong index = 0;
        for (int l = 0; l < stack.Layers.Count; l++)
        {
            ConvolutionLayer layer = stack.Layers[l];
            double bound = 1 / Math.Sqrt(layer.Inputs * layer.Taps);
            float[] weights = new float[layer.Outputs * layer.Inputs * layer.Taps];
            foreach (ref float weight in weights.AsSpan())
            {
                weight = (float)(bound * ((2 * random.Uniform(index++)) - 1));
            }

            stack.SetWeights(l, weights, parameters);
            foreach (ref float bias in parameters.Slice(stack.BiasAt(l), layer.Outputs))
            {
                bias = (float)(bound * ((2 * random.Uniform(index++)) - 1));
            }
        }
    }

    /// <summary>
    /// Weights from N(0, <paramref name="scale"/>² · 2 / terms), where an output sums so many terms (He et al., ICCV
    /// 2015); biases 0.
    /// </summary>
    public static void HeNormal(ConvolutionStack stack, ulong seed, double scale, Span<float> parameters)
    {
        var random = new CounterRandom(seed, RandomStream.InitialWeights);
        ulong index = 0;
        parameters.Clear();
        for (int l = 0; l < stack.Layers.Count; l++)
        {
            ConvolutionLayer layer = stack.Layers[l];
            double sigma = scale * Math.Sqrt(2.0 / (layer.Inputs * (layer.Upsamples ? 1 : layer.Taps)));
            float[] weights = new float[layer.Outputs * layer.Inputs * layer.Taps];
            foreach (ref float weight in weights.AsSpan())
            {
                weight = (float)(sigma * random.Normal(index++));
            }

            stack.SetWeights(l, weights, parameters);
        }
    }
}
