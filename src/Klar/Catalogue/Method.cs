namespace Klar.Catalogue;

/// <summary>A denoising method by name: what it is, what it assumes, and how to make its denoiser.</summary>
public abstract class Method
{
    private protected Method(string name, string summary, string paper, string assumes, int? reach, IReadOnlyList<MethodOption> options) =>
        (Name, Summary, Paper, Assumes, Reach, Options) = (name, summary, paper, assumes, reach, options);

    /// <summary>The name used everywhere: command line, JSON, page, reports.</summary>
    public string Name { get; }

    /// <summary>One sentence on what it does.</summary>
    public string Summary { get; }

    /// <summary>Where it was published.</summary>
    public string Paper { get; }

    /// <summary>What it takes the noise to be.</summary>
    public string Assumes { get; }

    /// <summary>Pixels that a result depends on beyond its own place, at default options; null where it is the whole image.</summary>
    public int? Reach { get; }

    /// <summary>Its options.</summary>
    public IReadOnlyList<MethodOption> Options { get; }

    /// <summary>Makes a denoiser.</summary>
    /// <param name="settings">Values of options by name; the others keep their defaults.</param>
    /// <param name="run">Threads, seed and clock.</param>
    /// <exception cref="FormatException">An option is unknown, no number or out of range; the message says which.</exception>
    public abstract IDenoiser Create(IReadOnlyDictionary<string, string> settings, RunSettings run);
}
