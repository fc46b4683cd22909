namespace Klar.Networks;

/// <summary>
/// A network over a picture or crop without a way back: memory of a layer's output is taken again once nobody needs
/// it any more.
/// </summary>
internal sealed class ForwardPass
{
    private readonly Network _network;
    private readonly PreparedWeights _weights;
    private readonly WinogradConvolution _scratch;
    private readonly FeatureMap[] _outputs;
    private readonly FeatureMap[][] _inputs;

    /// <param name="network">The network.</param>
    /// <param name="weights">Its parameters, prepared.</param>
    /// <param name="scratch">The worker's scratch memory.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Its height; both must be even as often as the network halves them.</param>
    public ForwardPass(Network network, PreparedWeights weights, WinogradConvolution scratch, int width, int height)
    {
        (_network, _weights, _scratch) = (network, weights, scratch);
        Input = new FeatureMap(network.Channels, width, height);
        int count = network.Nodes.Count;
        _outputs = new FeatureMap[count];
        _inputs = new FeatureMap[count][];
        int[] lastUse = new int[count];
        for (int n = 0; n < count; n++)
        {
            foreach (int input in network.Nodes[n].Inputs.Where(static input => input != Network.Input))
            {
                lastUse[input] = n;
            }
        }

        // A map's border and padded channels are zero and stay so: one of the same shape can take its memory as it is.
        var free = new List<FeatureMap>();
        for (int n = 0; n < count; n++)
        {
            Network.Node node = network.Nodes[n];
            _inputs[n] = [.. node.Inputs.Select(input => input == Network.Input ? Input : _outputs[input])];
            (int outWidth, int outHeight) = node.Layer.SizeOf(_inputs[n][0].Width, _inputs[n][0].Height);
            int again = free.FindIndex(
                map => (map.Channels, map.Width, map.Height) == (node.Layer.Outputs, outWidth, outHeight));
            _outputs[n] = again >= 0 ? free[again] : new FeatureMap(node.Layer.Outputs, outWidth, outHeight);
            if (again >= 0)
            {
                free.RemoveAt(again);
            }

            free.AddRange(node.Inputs.Where(input => input != Network.Input && lastUse[input] == n).Distinct().Select(
                input => _outputs[input]));
        }
    }

    /// <summary>The picture, to be filled before <see cref="Run"/>.</summary>
    public FeatureMap Input { get; }

    /// <summary>What the network makes of it.</summary>
    public FeatureMap Output => _outputs[^1];

    public void Run(CancellationToken cancel)
    {
        for (int n = 0; n < _outputs.Length; n++)
        {
            cancel.ThrowIfCancellationRequested();
            _network.Nodes[n].Layer.Forward(_inputs[n], _outputs[n], _weights, _scratch);
        }
    }
}
