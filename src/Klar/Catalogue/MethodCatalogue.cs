using Klar.Filters;
using Klar.Imaging;
using Klar.NonLocal.Bm3d;
using Klar.NonLocal.Lichi;
using Klar.NonLocal.NlRidge;
using Klar.Prior;
using Klar.SelfSupervised.Klar;
using Klar.SelfSupervised.Neighbor2Neighbor;
using Klar.SelfSupervised.Noise2Fast;
using Klar.SelfSupervised.ZsN2n;

namespace Klar.Catalogue;

/// <summary>Every method by its name.</summary>
public static class MethodCatalogue
{
    /// <summary>All methods, simple ones first.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new MethodOf<MeanOptions>(
            "mean",
            "The mean of the pixels in a square window.",
            "textbook; running sums after McDonnell, Computer Graphics and Image Processing 17(1), 1981",
            "any zero-mean noise; edges blur",
            reach: 1,
            [new(new("size", "side of the window", "pixels", "an odd number from 1 to 1001", "3"), static (o, text) => o with { Size = OptionText.Whole(text) })],
            static (options, run) => new MeanFilter(options, run)),
        new MethodOf<GaussianOptions>(
            "gaussian",
            "A blur with a Gaussian.",
            "textbook",
            "any zero-mean noise; edges blur",
            reach: 4,
            [new(new("sigma", "width of the Gaussian, cut at 4 sigma", "pixels", "a number above 0, up to 100", "1"), static (o, text) => o with { Sigma = OptionText.Number(text) })],
            static (options, run) => new GaussianFilter(options, run)),
        new MethodOf<MedianOptions>(
            "median",
            "The median of the pixels in a square window.",
            "Tukey, Exploratory Data Analysis, 1977; Huang, Yang, Tang, IEEE Trans. ASSP 27(1), 1979",
            "impulses and other outliers; thin lines vanish",
            reach: 1,
            [new(new("size", "side of the window", "pixels", "an odd number from 1 to 101", "3"), static (o, text) => o with { Size = OptionText.Whole(text) })],
            static (options, run) => new MedianFilter(options, run)),
        new MethodOf<BilateralOptions>(
            "bilateral",
            "A mean over neighbours of similar brightness.",
            "Tomasi, Manduchi, ICCV 1998",
            "weak noise of one level all over the image",
            reach: 6,
            [
                new(new("sigma-space", "width of the spatial Gaussian", "pixels", "a number above 0, up to 30", "2"), static (o, text) => o with { SigmaSpace = OptionText.Number(text) }),
                new(new("sigma-range", "width of the Gaussian of differences", "units of white", "a number above 0", "0.1"), static (o, text) => o with { SigmaRange = OptionText.Number(text) }),
                new(new("radius", "reach of the window; 0 stands for 3 sigma-space", "pixels", "a whole number from 0 to 90", "0"), static (o, text) => o with { Radius = OptionText.Whole(text) }),
            ],
            static (options, run) => new BilateralFilter(options, run)),
        new MethodOf<WienerOptions>(
            "wiener",
            "Lee's local Wiener filter: smooth where the local variance is that of the noise.",
            "Lee, IEEE Trans. PAMI 2(2), 1980",
            "additive noise of one level all over the image",
            reach: 1,
            [
                new(new("size", "side of the window", "pixels", "an odd number from 1 to 1001", "3"), static (o, text) => o with { Size = OptionText.Whole(text) }),
                new(new("sigma", "noise level; auto is the mean of the local variances", "255ths of white", "a number from 0, or auto", "auto", IsNoiseLevel: true), static (o, text) => o with { Sigma = OptionText.Sigma(text) }),
                new(new("border", "what lies outside the image", "a word", "mirror or zero", "mirror"), static (o, text) => o with { Border = text switch { "mirror" => Border.Mirror, "zero" => Border.Zero, _ => throw new FormatException(text) } }),
            ],
            static (options, run) => new WienerFilter(options, run)),
        new MethodOf<Bm3dOptions>(
            "bm3d",
            "BM3D: groups of similar patches are shrunk together in a transform of three dimensions, in two steps.",
            "Dabov, Foi, Katkovnik, Egiazarian, IEEE Trans. Image Processing 16(8), 2007",
            "additive white Gaussian noise of one level all over the image",
            reach: 67,
            [new(new("sigma", "noise level; auto measures it", "255ths of white", "a number above 0, or auto", "auto", IsNoiseLevel: true), static (o, text) => o with { Sigma = OptionText.Sigma(text) })],
            static (options, run) => new Bm3dDenoiser(options, run)),
        new MethodOf<NlRidgeOptions>(
            "nl-ridge",
            "NL-Ridge: every patch becomes the best linear combination of the patches most similar to it, in two steps.",
            "Herbreteau, Kervrann, SIAM J. Imaging Sciences 18(1), 2025",
            "white Gaussian, Poisson or Poisson-Gaussian noise",
            reach: 54,
            [
                new(new("sigma", "noise level beside the photons'; auto measures it where there is no gain", "255ths of white", "a number above 0, or auto", "auto", IsNoiseLevel: true), static (o, text) => o with { Sigma = OptionText.Sigma(text) }),
                new(new("gain", "photon noise: the variance of a sample x is gain x + sigma^2", "units of white a photon", "a number from 0", "0"), static (o, text) => o with { Gain = OptionText.Number(text) }),
            ],
            static (options, run) => new NlRidgeDenoiser(options, run)),
        new MethodOf<LichiOptions>(
            "lichi",
            "LIChI: nine rounds of linear combinations of similar patches, each on a less noisy image.",
            "Herbreteau, Kervrann, IEEE Trans. Image Processing 33, 2024",
            "additive white Gaussian noise of one level all over the image",
            reach: null,
            [new(new("sigma", "noise level; auto measures it", "255ths of white", "a number above 0, or auto", "auto", IsNoiseLevel: true), static (o, text) => o with { Sigma = OptionText.Sigma(text) })],
            static (options, run) => new LichiDenoiser(options, run)),
        new MethodOf<PriorOptions>(
            "prior",
            "A network that knows what pictures are like: trained once, "
                + "on pictures that Klar generated from a seed, and shipped with it.",
            "docs/algorithms/prior.md; network after Zhang, Zuo, Zhang, IEEE TIP 27(9), 2018; "
                + "pictures after Achddou, Gousseau, Ladjal, CVIU 2023",
            "additive Gaussian noise, white or correlated, sigma 1 to 80 of 255; "
                + "other noise is measured and stabilised first",
            reach: PriorNetwork.Reach,
            [new(new("sigma", "noise level; auto measures it", "255ths of white", "a number above 0, or auto", "auto",
                IsNoiseLevel: true), static (o, text) => o with { Sigma = OptionText.Sigma(text) })],
            static (options, run) => new PriorDenoiser(options, run)),
        new MethodOf<ZsN2nOptions>(
            "zs-n2n",
            "Zero-Shot Noise2Noise: a tiny network trained on the one noisy image itself.",
            "Mansour, Heckel, CVPR 2023",
            "noise that is independent from pixel to pixel and of zero mean",
            reach: null,
            [
                new(new("steps", "training steps", "steps", "a whole number from 1 to 1000000", "3000"), static (o, text) => o with { Steps = OptionText.Whole(text) }),
                new(new("learning-rate", "Adam's rate at the first step", "per step", "a number above 0", "0.001"), static (o, text) => o with { LearningRate = OptionText.Number(text) }),
                new(new("halve-every", "steps after which the rate is halved", "steps", "a whole number from 1", "1000"), static (o, text) => o with { HalveEvery = OptionText.Whole(text) }),
            ],
            static (options, run) => new ZsN2nDenoiser(options, run)),
        new MethodOf<Noise2FastOptions>(
            "noise2fast",
            "Noise2Fast: a small network learns one half of a checkerboard from the other, on the one noisy image, until it stops getting nearer to it.",
            "Lequyer, Philip, Sharma, Hsu, Pelletier, Nature Machine Intelligence 4, 2022",
            "noise that is independent from pixel to pixel and of zero mean",
            reach: null,
            [
                new(new("learning-rate", "Adam's rate", "per step", "a number above 0", "0.001"), static (o, text) => o with { LearningRate = OptionText.Number(text) }),
                new(new("patience", "steps without a better score after which training ends; so many outputs are averaged", "steps", "a whole number from 1 to 1000000", "100"), static (o, text) => o with { Patience = OptionText.Whole(text) }),
                new(new("steps", "the most training steps", "steps", "a whole number from 1 to 1000000", "1000000"), static (o, text) => o with { Steps = OptionText.Whole(text) }),
            ],
            static (options, run) => new Noise2FastDenoiser(options, run)),
        new MethodOf<Neighbor2NeighborOptions>(
            "neighbor2neighbor",
            "Neighbor2Neighbor: a U-shaped network learns neighbouring pixels from each other, on crops of the one image ('klar train' does it on many).",
            "Huang, Li, Jia, Lu, Liu, CVPR 2021",
            "noise that is independent from pixel to pixel and of zero mean",
            reach: null,
            [
                new(new("steps", "training steps", "steps", "a whole number from 1 to 1000000", "1500"), static (o, text) => o with { Steps = OptionText.Whole(text) }),
                new(new("batch", "crops a step", "crops", "a whole number from 1 to 256", "4"), static (o, text) => o with { Batch = OptionText.Whole(text) }),
                new(new("crop-size", "side of a crop", "pixels", "a multiple of 64 from 64 to 1024", "64"), static (o, text) => o with { CropSize = OptionText.Whole(text) }),
                new(new("learning-rate", "Adam's rate at the first step, halved after each fifth of them", "per step", "a number above 0", "0.001"), static (o, text) => o with { LearningRate = OptionText.Number(text) }),
            ],
            static (options, run) => new Neighbor2NeighborDenoiser(options, run)),
        new MethodOf<KlarOptions>(
            "klar",
            "Klar's own: patch methods and the prior, adapted to the one image, weighted by what is measured on it.",
            "docs/algorithms/klar.md; recorruption: Pang, Zheng, Quan, Ji, CVPR 2021",
            "additive Gaussian noise, white or correlated; other noise is measured and stabilised first",
            reach: null,
            [
                new(new("sigma", "noise level; auto measures it", "255ths of white", "a number above 0, or auto", "auto", IsNoiseLevel: true), static (o, text) => o with { Sigma = OptionText.Sigma(text) }),
                new(new("effort", "which patch methods, and how long the prior is adapted", "a word", "fast, normal or best", "normal"), static (o, text) => o with { Effort = OptionText.EffortOf(text) }),
                new(new("steps", "steps that adapt the prior to the image; 0 leaves them to the effort", "steps", "a whole number from 0", "0"), static (o, text) => o with { Steps = OptionText.Whole(text) }),
            ],
            static (options, run) => new KlarDenoiser(options, run)),
        new MethodOf<AutoOptions>(
            "auto",
            "Measures the noise, estimates what methods would reach on this very image, and takes what is safe; says why.",
            "docs/algorithms/auto.md; risk: Stein, Annals of Statistics 9(6), 1981",
            "nothing",
            reach: null,
            [
                new(new("effort", "how much time it may take", "a word", "fast, normal or best", "normal"), static (o, text) => o with { Effort = OptionText.EffortOf(text) }),
                new(new("steps", "training steps; 0 leaves them to the effort", "steps", "a whole number from 0", "0"), static (o, text) => o with { Steps = OptionText.Whole(text) }),
                new(new("hot-pixels", "whether stuck pixels are repaired where anything is taken out", "a word", "auto or off", "auto"), static (o, text) => o with { HotPixels = text switch { "auto" => true, "off" => false, _ => throw new FormatException(text) } }),
            ],
            static (options, run) => new AutoDenoiser(options, run: run),
            static (options, handling, run) => new AutoDenoiser(options, handling, run)),
    ];

    /// <summary>The methods that are compared unasked: those that do not choose among others, and do not train for a minute.</summary>
    public static IReadOnlyList<Method> Comparable { get; } = [.. All.Where(static method => method.Name is not ("auto" or "noise2fast" or "neighbor2neighbor"))];

    /// <summary>The method of that name, or null.</summary>
    public static Method? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
