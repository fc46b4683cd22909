using System.Globalization;
using Klar.Noise;
using Klar.NonLocal.Bm3d;
using Klar.Prior;
using Klar.SelfSupervised.Klar;

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

    /// <summary>Whether the method models noise, so that measuring it first, stabilising and declipping help.</summary>
    public bool ModelsNoise => Name
        is "bm3d" or "nl-ridge" or "lichi" or "prior" or "zs-n2n"
            or "noise2fast" or "neighbor2neighbor" or "klar" or "auto";

    /// <summary>Whether it has an option <c>effort</c>: fast, normal or best.</summary>
    public bool TakesEffort => Options.Any(static option => option.Name == "effort");

    /// <summary>Whether it can be told how the noise of neighbouring pixels is correlated.</summary>
    private bool ModelsCorrelation => Name is "bm3d" or "prior" or "klar";

    /// <summary>
    /// Makes a denoiser that measures the noise first and undoes what gain and clipping do; the simple filters run bare.
    /// A noise level among <paramref name="settings"/> stands for that of <paramref name="handling"/>.
    /// </summary>
    /// <exception cref="FormatException">An option is unknown, no number or out of range; the message says which.</exception>
    public virtual IDenoiser CreateAware(IReadOnlyDictionary<string, string> settings, NoiseHandling handling, RunSettings run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(handling);
        IDenoiser bare = Create(settings, run); // refuses bad settings at once
        // A method that is told the photons' gain wants the noise as it is.
        if (!ModelsNoise || settings.ContainsKey("gain") || (handling.Model == NoiseAssumption.None && handling.Declip == false))
        {
            return bare;
        }

        MethodOption? level = Options.FirstOrDefault(static option => option.IsNoiseLevel);
        var others = new Dictionary<string, string>(settings);
        if (level is not null && others.Remove(level.Name, out string? given) && given != level.Default)
        {
            handling = handling with { Sigma = float.Parse(given, CultureInfo.InvariantCulture) / 255 };
        }

        return new NoiseAwareDenoiser(noise => For(noise, others, level, run), handling, run) { TakesNoiseForWhite = !ModelsCorrelation };
    }

    private IDenoiser For(AdditiveNoise noise, Dictionary<string, string> settings, MethodOption? level, RunSettings run)
    {
        if (Name == "bm3d")
        {
            return new Bm3dDenoiser(noise, run);
        }

        if (Name == "prior")
        {
            return new PriorDenoiser(noise, run);
        }

        if (Name == "klar")
        {
            return ((KlarDenoiser)Create(settings, run)).Against(noise);
        }

        return level is null
            ? Create(settings, run)
            : Create(new Dictionary<string, string>(settings) { [level.Name] = (noise.Sigma * 255).ToString(CultureInfo.InvariantCulture) }, run);
    }
}
