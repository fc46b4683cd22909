using Klar.Networks;

namespace Klar;

/// <summary>
/// Networks that one run trained and the next begins with, for images that follow each other: give the same object to every run of a stack, in order, and
/// each after the first trains a tenth of the steps. Results then depend on the order.
/// </summary>
public sealed class WarmStart
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SafeTensors.Tensor> _tensors = new(StringComparer.Ordinal);

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
            loaded._tensors[tensor.Name] = tensor;
        }

        return loaded;
    }

    /// <summary>Writes the networks as a .safetensors file: METHOD.LAYER.weight and .bias, in PyTorch's shapes.</summary>
    public void Save(Stream to)
    {
        ArgumentNullException.ThrowIfNull(to);
        lock (_lock)
        {
            SafeTensors.Write(to, [.. _tensors.Values], new Dictionary<string, string> { ["made-by"] = "klar" });
        }
    }

    /// <summary>A tenth of the steps, which a network that was trained before needs.</summary>
    internal static int ShortOf(int steps) => Math.Max(1, steps / 10);

    /// <summary>Puts the weights of the network of that name into <paramref name="parameters"/>; false if there are none.</summary>
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

        SavedWeights.Take([.. own.Select(tensor => tensor with { Name = tensor.Name[(name.Length + 1)..] })], layers, parameters);
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
