namespace Klar.Catalogue;

/// <summary>What is composed of other methods: Klar's own, and the one that chooses.</summary>
internal static class ComposedMethods
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new MethodOf<KlarOptions>
        {
            Name = "klar",
            Summary = "Klar's own: patch methods and the prior, adapted to the one image, weighted by what is "
                + "measured on it.",
            Paper = "docs/algorithms/klar.md; recorruption: Pang, Zheng, Quan, Ji, CVPR 2021",
            Assumes = "additive Gaussian noise, white or correlated; other noise is measured and stabilised first",
            ModelsNoise = true,
            TakesNeighbours = true,
            ModelsCorrelation = true,
            Memory = MethodMemory.OfPrior(bytesPerSample: 170),
            Settings =
            [
                OptionOf<KlarOptions>.NoiseLevel(
                    static o => o.Sigma, static (o, sigma) => o with { Sigma = sigma }),
                new("effort", "which patch methods, and how long the prior is adapted",
                    "a word", "fast, normal or best", "normal",
                    static (o, text) => o with { Effort = OptionText.EffortOf(text) }),
                new("steps", "steps that adapt the prior to the image; 0 leaves them to the effort",
                    "steps", "a whole number from 0", "0",
                    static (o, text) => o with { Steps = OptionText.Whole(text) }),
            ],
            Bare = static (options, run) => new KlarDenoiser(options, run),
            Against = static (noise, options, run) => new KlarDenoiser(noise, options, run),
        },
        new MethodOf<AutoOptions>
        {
            Name = "auto",
            Summary = "Measures the noise, estimates what methods would reach on this very image, and takes what is "
                + "safe; says why.",
            Paper = "docs/algorithms/auto.md; risk: Stein, Annals of Statistics 9(6), 1981",
            Assumes = "nothing",
            ModelsNoise = true,
            TakesNeighbours = true,
            ChoosesAmongMethods = true,
            Memory = MethodMemory.OfPrior(bytesPerSample: 170),
            Settings =
            [
                new("effort", "how much time it may take", "a word", "fast, normal or best", "normal",
                    static (o, text) => o with { Effort = OptionText.EffortOf(text) }),
                new("steps", "training steps; 0 leaves them to the effort", "steps", "a whole number from 0", "0",
                    static (o, text) => o with { Steps = OptionText.Whole(text) }),
                new("hot-pixels", "whether stuck pixels are repaired where anything is taken out",
                    "a word", "auto or off", "auto",
                    static (o, text) => o with
                    {
                        HotPixels = text switch
                        {
                            "auto" => true,
                            "off" => false,
                            _ => throw new FormatException(text),
                        },
                    }),
            ],
            Bare = static (options, run) => new AutoDenoiser(options, run: run),
            NoiseAware = static (options, handling, run) => new AutoDenoiser(options, handling, run),
        },
    ];
}
