namespace Klar.Noise;

/// <summary>Patches of like brightness, and the noise in them.</summary>
/// <param name="Mean">Mean of their samples.</param>
/// <param name="Variance">Variance of the noise as it is, clipped or not.</param>
/// <param name="Whiteness">
/// Smallest eigenvalue of the patches relative to that of white noise: about 1, far less for correlated noise.
/// </param>
/// <param name="Patches">How many there are.</param>
/// <param name="Black">Share of samples at black or below.</param>
/// <param name="White">Share of samples at white or above.</param>
/// <param name="Kurtosis">
/// Fourth moment over the squared second in the flattest patches: 3 for normal noise, 1.8 for uniform.
/// </param>
/// <param name="PositiveRatio">
/// E[y²] / E[y]² of samples above black: π/2 for half of a normal distribution, 4/3 for half of a uniform one.
/// </param>
/// <param name="PositiveMean">Mean of the samples above black.</param>
internal sealed record LevelSet(
    double Mean, double Variance, double Whiteness, int Patches, double Black, double White, double Kurtosis,
    double PositiveRatio, double PositiveMean)
{
    /// <summary>The least and the greatest mean of a patch.</summary>
    public (double Least, double Most) Means { get; init; }

    /// <summary>How many pixels lie in the patches, each counted once.</summary>
    public int Pixels { get; init; } = int.MaxValue;

    /// <summary>Standard error of the variance, relative to it; 0 where it is below what structure does.</summary>
    public double Error { get; init; }

    /// <summary>Standard error of the mean.</summary>
    public double MeanError { get; init; }

    /// <summary>
    /// Whether the variance alone was measured (<see cref="DiagonalBand"/>, <see cref="JpegNoise"/>): then nothing is
    /// known of the noise's distribution.
    /// </summary>
    public bool IsOfBand { get; init; }

    /// <summary>Whether hardly a sample lies at black or white.</summary>
    public bool IsWhole => Black + White < NoiseReading.MinClipped;
}
