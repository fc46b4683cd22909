using System.Globalization;
using Klar.Networks;

namespace Klar.Prior;

/// <summary>
/// The trained prior as a file: .safetensors with numbers of 16 bits, and what is known of its training.
/// </summary>
internal static class PriorWeights
{
    private const string Architecture = "prior-48-96-96";
    private const string Note = "klar.note.";

    /// <summary>Writes all weights.</summary>
    public static void Save(
        Stream to, Network network, ReadOnlySpan<float> parameters, IReadOnlyDictionary<string, string> notes)
    {
        var text = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["klar.architecture"] = Architecture,
            ["klar.method"] = "prior",
        };
        foreach ((string name, string value) in notes)
        {
            text[Note + name] = value;
        }

        SafeTensors.Write(to, SavedWeights.TensorsOf(network.Parameters, parameters), text, half: true);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, ready to be used.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static (PreparedWeights Weights, IReadOnlyDictionary<string, string> Notes) Load(
        Stream from, Network network)
    {
        var weights = new PreparedWeights(network.Parameters);
        IReadOnlyDictionary<string, string> text = SavedWeights.Load(from, network.Parameters, weights.Parameters);
        if (text.GetValueOrDefault("klar.architecture") != Architecture)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"not the weights of {Architecture}"));
        }

        weights.Prepare();
        return (weights, text.Where(static line => line.Key.StartsWith(Note, StringComparison.Ordinal))
            .ToDictionary(static line => line.Key[Note.Length..], static line => line.Value));
    }
}
