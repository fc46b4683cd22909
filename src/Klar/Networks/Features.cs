using Klar.Networks.Layers;

namespace Klar.Networks;

/// <summary>The output of a layer while a network is described, ready for the next layer.</summary>
internal readonly record struct Features(Network Network, int Node, int Channels)
{
    /// <summary>A convolution of side 1 or 3 and its rectifier; slope 0 is ReLU, 1 is none.</summary>
    public Features Convolution(int outputs, int kernel = 3, float slope = 1)
    {
        var shape = new ConvolutionLayer(Channels, outputs, kernel, slope);
        return Network.Add(new Convolution(shape, Network.AddConvolution(shape, Node)), Node);
    }

    /// <summary>Twice the size by a transposed convolution of side 2 and stride 2.</summary>
    public Features TransposedConvolution(int outputs)
    {
        var shape = new ConvolutionLayer(Channels, outputs, Kernel: 2, Upsamples: true);
        return Network.Add(new TransposedConvolution(shape, Network.AddConvolution(shape, Node)), Node);
    }

    public Features MaxPool() => Network.Add(new MaxPool(Channels), Node);

    public Features UpsampleNearest() => Network.Add(new NearestUpsampling(Channels), Node);

    public Features Concatenate(Features other) =>
        Network.Add(new Concatenation(Channels, other.Channels), Node, other.Node);

    /// <summary>The sum with features of the same shape.</summary>
    public Features Add(Features other) => Network.Add(new Addition(Channels), Node, other.Node);

    /// <summary>
    /// Half the size and four times the channels: every 2 × 2 cell becomes one pixel. Sides must be even.
    /// </summary>
    public Features Unshuffle() => Network.Add(new PixelUnshuffle(Channels), Node);

    /// <summary>Twice the size and a quarter of the channels: the way back.</summary>
    public Features Shuffle() => Network.Add(new PixelShuffle(Channels / 4), Node);

    public Features Sigmoid() => Network.Add(new Sigmoid(Channels), Node);
}
