namespace Klar.Noise;

/// <summary>What noise looks like.</summary>
public enum NoiseKind
{
    /// <summary>None was found.</summary>
    None,

    /// <summary>Additive, of one level all over the image, normally distributed.</summary>
    Gaussian,

    /// <summary>Photon noise, whose variance grows with brightness, with or without a camera's read noise.</summary>
    PoissonGaussian,

    /// <summary>Additive, of one level, uniformly distributed, as rounding makes it.</summary>
    Uniform,

    /// <summary>Single samples at black or white, or stuck pixels.</summary>
    Impulsive,
}
