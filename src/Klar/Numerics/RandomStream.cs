namespace Klar.Numerics;

/// <summary>What a random number is for. Numbers of different streams are independent under the same seed.</summary>
internal enum RandomStream : uint
{
    /// <summary>Noise that Klar adds to a clean image.</summary>
    AddedNoise = 1,

    /// <summary>A network's weights before training.</summary>
    InitialWeights = 2,

    /// <summary>The choice of crops, flips and turns.</summary>
    Crops = 3,

    /// <summary>The extra noise of recorrupted pairs.</summary>
    Recorruption = 4,

    /// <summary>The split of photon counts.</summary>
    Thinning = 5,

    /// <summary>The generated demo picture.</summary>
    DemoPicture = 6,

    /// <summary>The distribution of noise after a transform.</summary>
    StabilisedNoise = 8,

    /// <summary>The probes of a risk estimate.</summary>
    RiskProbes = 9,

    /// <summary>The seeds of a stack's pages.</summary>
    Pages = 10,

    /// <summary>Which of several scenes a crop is taken from, and which of its takes comes first.</summary>
    Scenes = 11,

    /// <summary>Which two neighbours of a cell make a pair.</summary>
    Neighbors = 12,

    /// <summary>Everything in a generated picture.</summary>
    GeneratedPictures = 13,

    /// <summary>The textures that generated pictures are made of.</summary>
    GeneratedTextures = 14,

    /// <summary>Which generated picture a training crop is cut from, and the kind of its noise.</summary>
    PriorCrops = 15,

    /// <summary>The noise of training crops, sample by sample.</summary>
    PriorNoise = 16,

    /// <summary>Offsets of rows and columns that Klar adds to a clean image.</summary>
    AddedStripes = 17,
}
