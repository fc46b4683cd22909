namespace Klar.Catalogue;

/// <summary>Methods that compare patches.</summary>
internal static class PatchMethods
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new MethodOf<Bm3dOptions>
        {
            Name = "bm3d",
            Summary = "BM3D: groups of similar patches are shrunk together in a transform of three dimensions, in two "
                + "steps.",
            Paper = "Dabov, Foi, Katkovnik, Egiazarian, IEEE Trans. Image Processing 16(8), 2007",
            Assumes = "additive white Gaussian noise of one level all over the image",
            Reach = 67,
            ModelsNoise = true,
            TakesNeighbours = true,
            ModelsCorrelation = true,
            Memory = new(BytesPerSample: 110),
            Settings =
            [
                OptionOf<Bm3dOptions>.NoiseLevel(
                    static o => o.Sigma, static (o, sigma) => o with { Sigma = sigma }),
            ],
            Bare = static (options, run) => new Bm3dDenoiser(options, run),
            Against = static (noise, _, run) => new Bm3dDenoiser(noise, run),
        },
        new MethodOf<NlRidgeOptions>
        {
            Name = "nl-ridge",
            Summary = "NL-Ridge: every patch becomes the best linear combination of the patches most similar to it, "
                + "in two steps.",
            Paper = "Herbreteau, Kervrann, SIAM J. Imaging Sciences 18(1), 2025",
            Assumes = "white Gaussian, Poisson or Poisson-Gaussian noise",
            Reach = 54,
            ModelsNoise = true,
            TakesNeighbours = true,
            Memory = new(BytesPerSample: 110),
            Settings =
            [
                OptionOf<NlRidgeOptions>.NoiseLevel(
                    static o => o.Sigma, static (o, sigma) => o with { Sigma = sigma },
                    "noise level beside the photons'; auto measures it where there is no gain",
                    "a number above 0, or auto"),
                new("gain", "photon noise: the variance of a sample x is gain x + sigma^2",
                    "units of white a photon", "a number from 0", "0",
                    static (o, text) => o with { Gain = OptionText.Number(text) }) { RunsBare = true },
            ],
            Bare = static (options, run) => new NlRidgeDenoiser(options, run),
        },
        new MethodOf<LichiOptions>
        {
            Name = "lichi",
            Summary = "LIChI: nine rounds of linear combinations of similar patches, each on a less noisy image.",
            Paper = "Herbreteau, Kervrann, IEEE Trans. Image Processing 33, 2024",
            Assumes = "additive white Gaussian noise of one level all over the image",
            ModelsNoise = true,
            TakesNeighbours = true,
            Memory = new(BytesPerSample: 350),
            Settings =
            [
                OptionOf<LichiOptions>.NoiseLevel(
                    static o => o.Sigma, static (o, sigma) => o with { Sigma = sigma }),
            ],
            Bare = static (options, run) => new LichiDenoiser(options, run),
        },
    ];
}
