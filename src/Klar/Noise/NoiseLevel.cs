namespace Klar.Noise;

/// <summary>The noise at a brightness.</summary>
/// <param name="Brightness">In sample units.</param>
/// <param name="Sigma">Its standard deviation, in sample units.</param>
/// <param name="Error">Standard error of <paramref name="Sigma"/>, relative to it.</param>
public sealed record NoiseLevel(double Brightness, double Sigma, double Error);
