using System.Globalization;
using Klar.Networks;

namespace Klar.SelfSupervised.Trained;

/// <summary>A network that was trained once and is used on many images, with what must be known to use it.</summary>
public sealed class TrainedModel
{
    private const string Architecture = "unet-48";
    private readonly float[] _parameters;
    private readonly float _slope;

    internal TrainedModel(
        string method, int channels, float slope, ModelScale scale, ReadOnlySpan<float> parameters,
        IReadOnlyDictionary<string, string> notes) =>
        (Method, Channels, _slope, Scale, _parameters, Notes) =
            (method, channels, slope, scale, parameters.ToArray(), notes);

    /// <summary>The method that trained it.</summary>
    public string Method { get; }

    /// <summary>Channels of the images that it takes; 1: any image, channel by channel.</summary>
    public int Channels { get; }

    /// <summary>How it sees grey levels.</summary>
    public ModelScale Scale { get; }

    /// <summary>What else was noted in training: steps, seed, noise.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; }

    /// <summary>The network with these weights, prepared.</summary>
    internal (Network Network, PreparedWeights Weights) Build()
    {
        Network network = UNet.Of(Channels, _slope);
        var weights = new PreparedWeights(network.Parameters);
        _parameters.CopyTo(weights.Parameters.AsSpan());
        weights.Prepare();
        return (network, weights);
    }

    /// <summary>
    /// Writes the model as .safetensors: weights n.weight and n.bias in PyTorch's shapes, in the order in which a
    /// crop meets them, and the rest as metadata.
    /// </summary>
    public void Save(Stream to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var text = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["klar.architecture"] = Architecture,
            ["klar.method"] = Method,
            ["klar.channels"] = Channels.ToString(CultureInfo.InvariantCulture),
            ["klar.slope"] = _slope.ToString("R", CultureInfo.InvariantCulture),
            ["klar.black"] = Scale.Black.ToString("R", CultureInfo.InvariantCulture),
            ["klar.white"] = Scale.White.ToString("R", CultureInfo.InvariantCulture),
        };
        foreach ((string name, string value) in Notes)
        {
            text[$"klar.note.{name}"] = value;
        }

        SavedWeights.Save(to, UNet.Of(Channels, _slope).Parameters, _parameters, text);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">
    /// It is no .safetensors file, a damaged one, or not a model of Klar's.
    /// </exception>
    public static TrainedModel Load(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        long start = from.Position;
        IReadOnlyDictionary<string, string> text = SafeTensors.ReadText(from);
        from.Position = start;
        if (text.GetValueOrDefault("klar.architecture") is not { } architecture)
        {
            throw new InvalidDataException("not a model that klar trained");
        }

        if (text.GetValueOrDefault("klar.method") == "prior")
        {
            throw new InvalidDataException("a prior, which is built in (-m prior) and not read from a file");
        }

        if (architecture != Architecture)
        {
            throw new InvalidDataException($"a model of architecture {architecture}, which this version does not know");
        }

        int channels = (int)Number(text, "channels", 1, 64);
        float slope = (float)Number(text, "slope", 0, 1);
        double black = Number(text, "black", double.MinValue, double.MaxValue),
            white = Number(text, "white", double.MinValue, double.MaxValue);
        if (!(white > black))
        {
            throw new InvalidDataException("a damaged model: its white is not above its black");
        }

        ConvolutionStack layers = UNet.Of(channels, slope).Parameters;
        float[] parameters = new float[layers.ParameterCount];
        SavedWeights.Load(from, layers, parameters);
        if (!parameters.All(float.IsFinite))
        {
            throw new InvalidDataException("a damaged model: not all of its weights are numbers");
        }

        const string Note = "klar.note.";
        var notes = text.Where(static entry => entry.Key.StartsWith(Note, StringComparison.Ordinal)).ToDictionary(
            static entry => entry.Key[Note.Length..], static entry => entry.Value);
        return new TrainedModel(
            text.GetValueOrDefault("klar.method", "unknown"), channels, slope, new ModelScale(black, white), parameters,
            notes);
    }

    private static double Number(IReadOnlyDictionary<string, string> text, string name, double least, double most) =>
        double.TryParse(
            text.GetValueOrDefault($"klar.{name}"), NumberStyles.Float, CultureInfo.InvariantCulture,
            out double number) && number >= least && number <= most
            ? number
            : throw new InvalidDataException(
                $"a damaged model: its {name} is '{text.GetValueOrDefault($"klar.{name}")}'");
}
