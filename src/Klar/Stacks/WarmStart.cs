using Klar.Networks;

namespace Klar;

/// <summary>
/// Networks that one run trained and the next begins with, for images that follow each other: give the same object to
/// every run of a stack, in order, and each after the first trains a tenth of the steps. Results then depend on the
/// order.
/// </summary>
public sealed class WarmStart
{
    private const string Parts = "parts.";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SafeTensors.Tensor> _tensors = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, double[]> _weights = new(StringComparer.Ordinal);

    /// <summary>Whether runs take the networks as they are and train no more.</summary>
    public bool IsFrozen { get; private init; }

    /// <summary>Whether no run has trained a network yet.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _tensors.Count == 0;
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no .safetensors file, or a damaged one.</exception>
    public static WarmStart Load(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        var loaded = new WarmStart();
        foreach (SafeTensors.Tensor tensor in SafeTensors.Read(from).Tensors)
        {
            if (tensor.Name.StartsWith(Parts, StringComparison.Ordinal))
            {
                loaded._weights[tensor.Name[Parts.Length..]] =
                    [.. tensor.Values.Select(static weight => (double)weight)];
            }
            else
            {
                loaded._tensors[tensor.Name] = tensor;
            }
        }

        return loaded;
    }

    /// <summary>
    /// Writes the networks as a .safetensors file: METHOD.LAYER.weight and .bias, in PyTorch's shapes, and
    /// parts.METHOD: how much each part of a method counted.
    /// </summary>
    public void Save(Stream to)
    {
        ArgumentNullException.ThrowIfNull(to);
        lock (_lock)
        {
            SafeTensors.Tensor[] weights = [.. _weights.Select(static pair => new SafeTensors.Tensor(
                Parts + pair.Key, [pair.Value.Length], Array.ConvertAll(pair.Value, static weight => (float)weight)))];
            SafeTensors.Write(
                to, [.. _tensors.Values, .. weights], new Dictionary<string, string> { ["made-by"] = "klar" });
        }
    }

    /// <summary>The same networks for runs that train no more: the tiles of one picture.</summary>
    public WarmStart Frozen()
    {
        var frozen = new WarmStart { IsFrozen = true };
        lock (_lock)
        {
            foreach ((string name, SafeTensors.Tensor tensor) in _tensors)
            {
                frozen._tensors[name] = tensor;
            }

            foreach ((string name, double[] weights) in _weights)
            {
                frozen._weights[name] = weights;
            }
        }

        return frozen;
    }

    /// <summary>Keeps how much each part of a method counted, as a file would: in single precision.</summary>
    internal void KeepWeights(string name, IEnumerable<double> weights)
    {
        lock (_lock)
        {
            _weights[name] = [.. weights.Select(static weight => (double)(float)weight)];
        }
    }

    /// <summary>How much each part counted; null where nothing was kept, or training goes on.</summary>
    internal IReadOnlyList<double>? FrozenWeights(string name)
    {
        lock (_lock)
        {
            return IsFrozen ? _weights.GetValueOrDefault(name) : null;
        }
    }

    /// <summary>A tenth of the steps, which a network that was trained before needs; none for a frozen one.</summary>
    internal int ShortOf(int steps) => IsFrozen ? 0 : Math.Max(1, steps / 10);

    /// <summary>
    /// Puts the weights of the network of that name into <paramref name="parameters"/>; false if there are none.
    /// </summary>
    /// <exception cref="InvalidDataException">They are those of a network of another shape.</exception>
    internal bool TryTake(string name, ConvolutionStack layers, Span<float> parameters)
    {
        SafeTensors.Tensor[] own;
        lock (_lock)
        {
            own = [.. _tensors.Values.Where(tensor => tensor.Name.StartsWith(name + ".", StringComparison.Ordinal))];
        }

        if (own.Length == 0)
        {
            return false;
        }

        SavedWeights.Take(
            [.. own.Select(tensor => tensor with { Name = tensor.Name[(name.Length + 1)..] })], layers, parameters);
        return true;
    }

    /// <summary>Keeps the weights of a network for the next run.</summary>
    internal void Keep(string name, ConvolutionStack layers, ReadOnlySpan<float> parameters)
    {
        lock (_lock)
        {
            foreach (SafeTensors.Tensor tensor in SavedWeights.TensorsOf(layers, parameters))
            {
                _tensors[$"{name}.{tensor.Name}"] = tensor with { Name = $"{name}.{tensor.Name}" };
            }
        }
    }
}
