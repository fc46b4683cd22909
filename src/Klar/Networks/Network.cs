using Klar.Networks.Layers;

namespace Klar.Networks;

/// <summary>
/// A network described as its paper does: layers applied to features, with skips. It trains on whole crops
/// (<see cref="NetworkPass"/>); a plain row of convolutions is a <see cref="ConvolutionStack"/>, which trains in tiles.
/// </summary>
/// <example>
/// <code>
/// Network small = Network.Of(channels: 1, x =>
/// {
///     Features wide = x.Convolution(48, slope: 0.2f);
///     Features deep = wide.MaxPool().Convolution(48, slope: 0.2f).TransposedConvolution(48);
///     return deep.Concatenate(wide).Convolution(1, kernel: 1);
/// });
/// </code>
/// </example>
internal sealed class Network
{
    private readonly List<Node> _nodes = [];
    private readonly List<ConvolutionLayer> _convolutions = [];

    private Network(int channels)
    {
        Channels = channels;
    }

    /// <summary>Channels of the input.</summary>
    public int Channels { get; }

    /// <summary>The layers in the order in which they run; each node's inputs come before it.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>All parameters: the convolutions in the order in which they were described.</summary>
    public ConvolutionStack Parameters { get; private set; } = new();

    /// <summary>Channels of the output, which is the last node.</summary>
    public int Outputs => _nodes[^1].Layer.Outputs;

    /// <summary>
    /// Builds the network that <paramref name="describe"/> makes of the input; its result must be the last layer.
    /// </summary>
    public static Network Of(int channels, Func<Features, Features> describe)
    {
        var network = new Network(channels);
        Features output = describe(new Features(network, Input, channels));
        if (output.Node != network._nodes.Count - 1)
        {
            throw new ArgumentException("The last layer described must be the network's output.", nameof(describe));
        }

        network.Parameters = ConvolutionStack.Unchained([.. network._convolutions]);
        return network;
    }

    /// <summary>The number that stands for the network's input among a node's inputs.</summary>
    public const int Input = -1;

    internal Features Add(Layer layer, params ReadOnlySpan<int> inputs)
    {
        _nodes.Add(new Node(layer, [.. inputs]));
        return new Features(this, _nodes.Count - 1, layer.Outputs);
    }

    internal int AddConvolution(ConvolutionLayer shape, int input)
    {
        // Its input needs no gradient, and none is prepared: nothing that is trained may come before it.
        if (_convolutions.Count == 0 && Trains(input))
        {
            throw new ArgumentException("The first convolution takes the network's input.", nameof(input));
        }

        _convolutions.Add(shape);
        return _convolutions.Count - 1;
    }

    /// <summary>Whether a gradient that comes to a node reaches any parameter; the network's input has none.</summary>
    public bool Trains(int node) =>
        node != Input && (_nodes[node].Layer is Convolution or TransposedConvolution
        || _nodes[node].Inputs.Any(Trains));

    /// <summary>A layer and the nodes whose output it takes.</summary>
    internal sealed record Node(Layer Layer, int[] Inputs);
}
