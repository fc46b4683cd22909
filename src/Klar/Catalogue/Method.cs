using Klar.Noise;

namespace Klar.Catalogue;

/// <summary>
/// A denoising method by name: what it is, what it assumes, what it takes, and how to make its denoiser. Who chooses,
/// plans or judges asks this descriptor, and never for a name.
/// </summary>
public abstract class Method
{
    private protected Method()
    {
    }

    /// <summary>The name used everywhere: command line, JSON, page, reports.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what it does.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it was published.</summary>
    public required string Paper { get; init; }

    /// <summary>What it takes the noise to be.</summary>
    public required string Assumes { get; init; }

    /// <summary>
    /// Pixels that a result depends on beyond its own place, at default options; null where it is the whole image.
    /// </summary>
    public int? Reach { get; init; }

    /// <summary>Whether it models noise, so that measuring it first, stabilising and declipping help.</summary>
    public bool ModelsNoise { get; init; }

    /// <summary>Whether it can be given how the noise of neighbouring pixels is correlated.</summary>
    public bool ModelsCorrelation { get; init; }

    /// <summary>Whether every sample of a result is one of the input's: it then needs no finer sample type.</summary>
    public bool KeepsSampleValues { get; init; }

    /// <summary>Whether it decides by itself which methods to run.</summary>
    public bool ChoosesAmongMethods { get; init; }

    /// <summary>Whether neighbouring pages of a stack help it (<see cref="AcrossPages"/>).</summary>
    public bool TakesNeighbours { get; init; }

    /// <summary>How long it trains on the image itself.</summary>
    public TrainingLength Training { get; init; }

    /// <summary>What it takes of memory.</summary>
    public MethodMemory Memory { get; init; } = MethodMemory.RowByRow;

    /// <summary>Its options.</summary>
    public abstract IReadOnlyList<MethodOption> Options { get; }

    /// <summary>Whether it has an option <c>effort</c>: fast, normal or best.</summary>
    public bool TakesEffort => Options.Any(static option => option.Name == "effort");

    /// <summary>Whether it decides by itself what becomes of stuck pixels, by an option <c>hot-pixels</c>.</summary>
    public bool RepairsHotPixels => Options.Any(static option => option.Name == "hot-pixels");

    /// <summary>Its noise level among the options; null where it has none.</summary>
    public MethodOption? NoiseLevel => Options.FirstOrDefault(static option => option.IsNoiseLevel);

    /// <summary>Makes a denoiser.</summary>
    /// <param name="settings">Values of options by name; the others keep their defaults.</param>
    /// <param name="run">Threads, seed and clock.</param>
    /// <exception cref="FormatException">
    /// An option is unknown, no number or out of range; the message says which.
    /// </exception>
    public abstract IDenoiser Create(IReadOnlyDictionary<string, string> settings, RunSettings run);

    /// <summary>
    /// Makes a denoiser that measures the noise first and undoes what gain and clipping do; the simple filters run
    /// bare. A noise level among <paramref name="settings"/> stands for that of <paramref name="handling"/>.
    /// </summary>
    /// <exception cref="FormatException">
    /// An option is unknown, no number or out of range; the message says which.
    /// </exception>
    public abstract IDenoiser CreateAware(
        IReadOnlyDictionary<string, string> settings, NoiseHandling handling, RunSettings run);
}
