namespace Klar;

/// <summary>Additive Gaussian noise as a method is told of it.</summary>
/// <param name="Sigma">σ in sample units, above 0.</param>
public sealed record AdditiveNoise(float Sigma)
{
    /// <summary>Autocorrelation at lags −4 to 4 (9 × 9, row-major, 1 in the middle), or null for white noise.</summary>
    public IReadOnlyList<double>? Autocorrelation { get; init; }
}
