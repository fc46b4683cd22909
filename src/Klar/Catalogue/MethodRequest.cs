using Klar.Noise;
using Klar.Noise.Structured;
using Klar.SelfSupervised.Trained;

namespace Klar.Catalogue;

/// <summary>
/// A method or a trained model, with everything that may be set about it: makes the denoiser of a run.
/// </summary>
public sealed record MethodRequest
{
    /// <summary>The method's name, or that of the model's file.</summary>
    public required string Name { get; init; }

    /// <summary>The method; null for a model.</summary>
    public Method? Method { get; init; }

    /// <summary>The model that stands for a method; null for a method.</summary>
    public TrainedModel? Model { get; init; }

    /// <summary>Values of the method's options by name; the others keep their defaults.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What is assumed of the noise, and what is measured.</summary>
    public NoiseHandling Handling { get; init; } = new();

    /// <summary>σ of the noise in grey levels of the file, where it was given so; null else.</summary>
    public double? SigmaGreyLevels { get; init => field = value is { } sigma ? Require.Positive(sigma) : null; }

    /// <summary>Whether each channel is denoised as an image of its own.</summary>
    public bool SeparatesChannels { get; init; }

    /// <summary>How much of the noise is removed, 0 to 1.</summary>
    public float Strength { get; init => field = Require.Within(value, 0, 1); } = 1;

    /// <summary>Whether stuck pixels are repaired first.</summary>
    public bool RepairsHotPixels { get; init; } = true;

    /// <summary>Which rows and columns are freed of offsets first.</summary>
    public StripeHandling Stripes { get; init; }

    /// <summary>The camera's fixed pattern, which is taken out first of all; null where none is known.</summary>
    public FixedPattern? FixedPattern { get; init; }

    /// <summary>Whether noise is modelled, so that results can be judged by the residual.</summary>
    public bool ModelsNoise => Model is not null || Method!.ModelsNoise;

    /// <summary>Whether every sample of a result is one of the input's.</summary>
    public bool KeepsSampleValues => Method?.KeepsSampleValues == true;

    /// <summary>What it takes of memory.</summary>
    public MethodMemory Memory => Method?.Memory ?? MethodMemory.OfModel;

    /// <summary>Makes the denoiser.</summary>
    /// <param name="run">Threads, seed, clock, and what the pages of a stack have in common.</param>
    /// <exception cref="FormatException">
    /// An option is unknown, no number or out of range; the message says which.
    /// </exception>
    public IDenoiser Create(RunSettings run)
    {
        if (Model is not null)
        {
            return Around(new ModelDenoiser(Model, run), repairsItself: false);
        }

        // A method that decides whether there is anything to repair is given that choice; around the others it is done
        // before they run.
        Method method = Method ?? throw new InvalidOperationException("There is neither a method nor a model.");
        var settings = new Dictionary<string, string>(Settings);
        if (method.RepairsHotPixels)
        {
            settings.TryAdd("hot-pixels", RepairsHotPixels ? "auto" : "off");
        }

        // The level among a method's own options overrules the one that goes for all methods.
        bool hasOwnLevel = method.NoiseLevel is { } level && settings.ContainsKey(level.Name);
        IDenoiser denoiser = SigmaGreyLevels is { } sigma && !hasOwnLevel
            ? new PerScale(scale => method.CreateAware(
                settings, Handling with { Sigma = (float)(255 * sigma / scale.Range) / 255f }, run))
            : method.CreateAware(settings, hasOwnLevel ? Handling with { Sigma = null } : Handling, run);
        return Around(denoiser, method.RepairsHotPixels);
    }

    private IDenoiser Around(IDenoiser denoiser, bool repairsItself)
    {
        IDenoiser whole = SeparatesChannels ? new SeparateChannels(denoiser) : denoiser;
        IDenoiser mixed = Strength < 1 ? new PartialStrength(whole, Strength) : whole;
        IDenoiser repaired = RepairsHotPixels && !repairsItself ? new HotPixelRepair(mixed) : mixed;
        return AroundAll(repaired);
    }

    /// <summary>What is done around a whole page, whatever becomes of its parts.</summary>
    public IDenoiser AroundAll(IDenoiser denoiser)
    {
        IDenoiser even = Stripes == StripeHandling.Off ? denoiser : new StripeRemoval(denoiser, Stripes);
        return FixedPattern is null ? even : new FixedPatternRemoval(even, FixedPattern);
    }
}
