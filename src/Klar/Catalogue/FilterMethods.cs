namespace Klar.Catalogue;

/// <summary>The classical filters.</summary>
internal static class FilterMethods
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new MethodOf<MeanOptions>
        {
            Name = "mean",
            Summary = "The mean of the pixels in a square window.",
            Paper = "textbook; running sums after McDonnell, Computer Graphics and Image Processing 17(1), 1981",
            Assumes = "any zero-mean noise; edges blur",
            Reach = 1,
            Settings =
            [
                new("size", "side of the window", "pixels", "an odd number from 1 to 1001", "3",
                    static (o, text) => o with { Size = OptionText.Whole(text) }),
            ],
            Bare = static (options, run) => new MeanFilter(options, run),
        },
        new MethodOf<GaussianOptions>
        {
            Name = "gaussian",
            Summary = "A blur with a Gaussian.",
            Paper = "textbook",
            Assumes = "any zero-mean noise; edges blur",
            Reach = 4,
            Settings =
            [
                new("sigma", "width of the Gaussian, cut at 4 sigma", "pixels", "a number above 0, up to 100", "1",
                    static (o, text) => o with { Sigma = OptionText.Number(text) }),
            ],
            Bare = static (options, run) => new GaussianFilter(options, run),
        },
        new MethodOf<MedianOptions>
        {
            Name = "median",
            Summary = "The median of the pixels in a square window.",
            Paper = "Tukey, Exploratory Data Analysis, 1977; Huang, Yang, Tang, IEEE Trans. ASSP 27(1), 1979",
            Assumes = "impulses and other outliers; thin lines vanish",
            Reach = 1,
            KeepsSampleValues = true,
            Settings =
            [
                new("size", "side of the window", "pixels", "an odd number from 1 to 101", "3",
                    static (o, text) => o with { Size = OptionText.Whole(text) }),
            ],
            Bare = static (options, run) => new MedianFilter(options, run),
        },
        new MethodOf<BilateralOptions>
        {
            Name = "bilateral",
            Summary = "A mean over neighbours of similar brightness.",
            Paper = "Tomasi, Manduchi, ICCV 1998",
            Assumes = "weak noise of one level all over the image",
            Reach = 6,
            Settings =
            [
                new("sigma-space", "width of the spatial Gaussian", "pixels", "a number above 0, up to 30", "2",
                    static (o, text) => o with { SigmaSpace = OptionText.Number(text) }),
                new("sigma-range", "width of the Gaussian of differences", "units of white", "a number above 0", "0.1",
                    static (o, text) => o with { SigmaRange = OptionText.Number(text) }),
                new("radius", "reach of the window; 0 stands for 3 sigma-space",
                    "pixels", "a whole number from 0 to 90", "0",
                    static (o, text) => o with { Radius = OptionText.Whole(text) }),
            ],
            Bare = static (options, run) => new BilateralFilter(options, run),
        },
        new MethodOf<WienerOptions>
        {
            Name = "wiener",
            Summary = "Lee's local Wiener filter: smooth where the local variance is that of the noise.",
            Paper = "Lee, IEEE Trans. PAMI 2(2), 1980",
            Assumes = "additive noise of one level all over the image",
            Reach = 1,
            Settings =
            [
                new("size", "side of the window", "pixels", "an odd number from 1 to 1001", "3",
                    static (o, text) => o with { Size = OptionText.Whole(text) }),
                OptionOf<WienerOptions>.NoiseLevel(
                    static o => o.Sigma, static (o, sigma) => o with { Sigma = sigma },
                    "noise level; auto is the mean of the local variances",
                    "a number from 0, or auto"),
                new("border", "what lies outside the image", "a word", "mirror or zero", "mirror",
                    static (o, text) => o with
                    {
                        Border = text switch
                        {
                            "mirror" => Border.Mirror,
                            "zero" => Border.Zero,
                            _ => throw new FormatException(text),
                        },
                    }),
            ],
            Bare = static (options, run) => new WienerFilter(options, run),
        },
    ];
}
