using Klar.Prior;

namespace Klar.Catalogue;

/// <summary>Networks: one that was trained before, and those that are trained on the image itself.</summary>
internal static class NetworkMethods
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new MethodOf<PriorOptions>
        {
            Name = "prior",
            Summary = "A network that knows what pictures are like: trained once, "
                + "on pictures that Klar generated from a seed, and shipped with it.",
            Paper = "docs/algorithms/prior.md; network after Zhang, Zuo, Zhang, IEEE TIP 27(9), 2018; "
                + "pictures after Achddou, Gousseau, Ladjal, CVIU 2023",
            Assumes = "additive Gaussian noise, white or correlated, sigma 1 to 80 of 255; "
                + "other noise is measured and stabilised first",
            Reach = PriorNetwork.Reach,
            ModelsNoise = true,
            TakesNeighbours = true,
            ModelsCorrelation = true,
            Memory = MethodMemory.OfPrior(bytesPerSample: 90),
            Settings =
            [
                OptionOf<PriorOptions>.NoiseLevel(
                    static o => o.Sigma, static (o, sigma) => o with { Sigma = sigma }),
            ],
            Bare = static (options, run) => new PriorDenoiser(options, run),
            Against = static (noise, _, run) => new PriorDenoiser(noise, run),
        },
        new MethodOf<ZsN2nOptions>
        {
            Name = "zs-n2n",
            Summary = "Zero-Shot Noise2Noise: a tiny network trained on the one noisy image itself.",
            Paper = "Mansour, Heckel, CVPR 2023",
            Assumes = "noise that is independent from pixel to pixel and of zero mean",
            ModelsNoise = true,
            Training = TrainingLength.Short,
            Memory = new(BytesPerSample: 100),
            Settings =
            [
                new("steps", "training steps", "steps", "a whole number from 1 to 1000000", "3000",
                    static (o, text) => o with { Steps = OptionText.Whole(text) }),
                new("learning-rate", "Adam's rate at the first step", "per step", "a number above 0", "0.001",
                    static (o, text) => o with { LearningRate = OptionText.Number(text) }),
                new("halve-every", "steps after which the rate is halved", "steps", "a whole number from 1", "1000",
                    static (o, text) => o with { HalveEvery = OptionText.Whole(text) }),
            ],
            Bare = static (options, run) => new ZsN2nDenoiser(options, run),
        },
        new MethodOf<Noise2FastOptions>
        {
            Name = "noise2fast",
            Summary = "Noise2Fast: a small network learns one half of a checkerboard from the other, on the one noisy "
                + "image, until it stops getting nearer to it.",
            Paper = "Lequyer, Philip, Sharma, Hsu, Pelletier, Nature Machine Intelligence 4, 2022",
            Assumes = "noise that is independent from pixel to pixel and of zero mean",
            ModelsNoise = true,
            Training = TrainingLength.Long,
            Memory = new(BytesPerSample: 60),
            Settings =
            [
                new("learning-rate", "Adam's rate", "per step", "a number above 0", "0.001",
                    static (o, text) => o with { LearningRate = OptionText.Number(text) }),
                new("patience", "steps without a better score after which training ends; so many outputs are averaged",
                    "steps", "a whole number from 1 to 1000000", "100",
                    static (o, text) => o with { Patience = OptionText.Whole(text) }),
                new("steps", "the most training steps", "steps", "a whole number from 1 to 1000000", "1000000",
                    static (o, text) => o with { Steps = OptionText.Whole(text) }),
            ],
            Bare = static (options, run) => new Noise2FastDenoiser(options, run),
        },
        new MethodOf<Neighbor2NeighborOptions>
        {
            Name = "neighbor2neighbor",
            Summary = "Neighbor2Neighbor: a U-shaped network learns neighbouring pixels from each other, on crops of "
                + "the one image ('klar train' does it on many).",
            Paper = "Huang, Li, Jia, Lu, Liu, CVPR 2021",
            Assumes = "noise that is independent from pixel to pixel and of zero mean",
            ModelsNoise = true,
            Training = TrainingLength.Long,
            Memory = MethodMemory.OfModel,
            Settings =
            [
                new("steps", "training steps", "steps", "a whole number from 1 to 1000000", "1500",
                    static (o, text) => o with { Steps = OptionText.Whole(text) }),
                new("batch", "crops a step", "crops", "a whole number from 1 to 256", "4",
                    static (o, text) => o with { Batch = OptionText.Whole(text) }),
                new("crop-size", "side of a crop", "pixels", "a multiple of 64 from 64 to 1024", "64",
                    static (o, text) => o with { CropSize = OptionText.Whole(text) }),
                new("learning-rate", "Adam's rate at the first step, halved after each fifth of them",
                    "per step", "a number above 0", "0.001",
                    static (o, text) => o with { LearningRate = OptionText.Number(text) }),
            ],
            Bare = static (options, run) => new Neighbor2NeighborDenoiser(options, run),
        },
    ];
}
