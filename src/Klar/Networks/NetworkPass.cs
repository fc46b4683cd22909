namespace Klar.Networks;

/// <summary>
/// One pass of a network over a crop, forward and backward, in memory that is laid out once. Crops of a batch are
/// passes of their own; their gradients are summed in the crops' order by whoever trains.
/// </summary>
internal sealed class NetworkPass
{
    private readonly Network _network;
    private readonly PreparedWeights _weights;
    private readonly GradientSum _sum;
    private readonly FeatureMap[] _outputs;

    // Each node's output gradient; then, of every node's inputs, where the gradient that the node sends there is
    // written.
    private readonly FeatureMap?[] _gradients;
    private readonly FeatureMap?[][] _sent;
    private readonly FeatureMap[][] _received;
    private readonly FeatureMap[][] _inputs;

    /// <param name="network">The network.</param>
    /// <param name="weights">Its parameters, prepared.</param>
    /// <param name="sum">Where <see cref="Backward"/> adds the gradient of the parameters; also scratch memory.</param>
    /// <param name="width">Width of the crop.</param>
    /// <param name="height">Its height; both must be even as often as the network halves them.</param>
    public NetworkPass(Network network, PreparedWeights weights, GradientSum sum, int width, int height)
    {
        (_network, _weights, _sum) = (network, weights, sum);
        int count = network.Nodes.Count;
        Input = new FeatureMap(network.Channels, width, height);
        _outputs = new FeatureMap[count];
        _gradients = new FeatureMap?[count];
        (_inputs, _received, _sent) = (new FeatureMap[count][], new FeatureMap[count][], new FeatureMap?[count][]);
        var arriving = new List<FeatureMap>[count];
        for (int n = 0; n < count; n++)
        {
            Network.Node node = network.Nodes[n];
            _inputs[n] = [.. node.Inputs.Select(input => input == Network.Input ? Input : _outputs[input])];
            if (_inputs[n].Any(map => (map.Width, map.Height) != (_inputs[n][0].Width, _inputs[n][0].Height)))
            {
                throw new ArgumentException(
                    $"Layer {n} gets maps of different sizes from a crop of {width} × {height}.", nameof(width));
            }

            (int outWidth, int outHeight) = node.Layer.SizeOf(_inputs[n][0].Width, _inputs[n][0].Height);
            _outputs[n] = new FeatureMap(node.Layer.Outputs, outWidth, outHeight);
            arriving[n] = [];
            _sent[n] = new FeatureMap?[node.Inputs.Length];
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (network.Trains(node.Inputs[i]))
                {
                    FeatureMap gradient = _inputs[n][i].SameShape();
                    _sent[n][i] = gradient;
                    arriving[node.Inputs[i]].Add(gradient);
                }
            }
        }

        OutputGradient = _outputs[^1].SameShape();
        arriving[^1].Add(OutputGradient);
        for (int n = 0; n < count; n++)
        {
            if (!network.Nodes.Any(node => node.Inputs.Contains(n)) && n < count - 1)
            {
                throw new ArgumentException($"Nothing uses layer {n}.", nameof(network));
            }

            // No gradient arrives where nothing before it is trained.
            _gradients[n] = arriving[n].FirstOrDefault();
            _received[n] = [.. arriving[n].Skip(1)];
        }
    }

    /// <summary>The crop, to be filled before <see cref="Forward"/>.</summary>
    public FeatureMap Input { get; }

    /// <summary>What the network makes of it.</summary>
    public FeatureMap Output => _outputs[^1];

    /// <summary>The gradient of the loss at the output, to be filled before <see cref="Backward"/>.</summary>
    public FeatureMap OutputGradient { get; }

    public void Forward(CancellationToken cancel = default)
    {
        for (int n = 0; n < _outputs.Length; n++)
        {
            cancel.ThrowIfCancellationRequested();
            _network.Nodes[n].Layer.Forward(_inputs[n], _outputs[n], _weights, _sum.Winograd);
        }
    }

    /// <summary>Adds the gradient of all parameters to the sum that the pass was made with.</summary>
    public void Backward(CancellationToken cancel = default)
    {
        for (int n = _outputs.Length - 1; n >= 0; n--)
        {
            cancel.ThrowIfCancellationRequested();
            if (_gradients[n] is not { } gradient)
            {
                continue;
            }

            foreach (FeatureMap other in _received[n])
            {
                gradient.Add(other);
            }

            _network.Nodes[n].Layer.Backward(_inputs[n], _outputs[n], gradient, _sent[n], _weights, _sum);
        }
    }
}
