namespace Klar.Noise;

/// <summary>What is done around a method.</summary>
public sealed record NoiseHandling
{
    /// <summary>Which noise is assumed.</summary>
    public NoiseAssumption Model { get; init; }

    /// <summary>Whether clipping is undone; null where the estimate decides.</summary>
    public bool? Declip { get; init; }

    /// <summary>What is known of the camera; the rest is measured. Null to measure all.</summary>
    public KnownNoise? Known { get; init; }

    /// <summary>
    /// σ of additive white Gaussian noise in sample units; null to measure. If it is given, nothing is estimated or
    /// stabilised.
    /// </summary>
    public float? Sigma { get; init; }

    /// <summary>What was measured already, on an image that this one is a part of.</summary>
    internal NoiseEstimate? Measured { get; init; }

    /// <summary>The noise of an image as it is measured, unless that was done already.</summary>
    internal NoiseEstimate MeasuredOf(Image noisy, StackStatistics? stack, CancellationToken cancel = default) =>
        Measured ?? stack?.Noise ?? NoiseEstimator.Estimate(noisy, cancel);

    /// <summary>The same, but for what is known.</summary>
    internal NoiseEstimate WithKnown(NoiseEstimate measured, SampleScale scale) =>
        Known?.In(measured, scale) ?? measured;
}

/// <summary>The noise that is assumed around a method.</summary>
public enum NoiseAssumption
{
    /// <summary>What the estimate says.</summary>
    Auto,

    /// <summary>Additive, of one level.</summary>
    Gaussian,

    /// <summary>Photon noise and read noise: stabilised.</summary>
    PoissonGaussian,

    /// <summary>Nothing is done: the method runs bare.</summary>
    None,
}
