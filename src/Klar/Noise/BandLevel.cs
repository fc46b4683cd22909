namespace Klar.Noise;

/// <summary>Pixels of like brightness, and the noise in their diagonal differences.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Variance">Variance of the noise, less what edges leak into the band.</param>
/// <param name="Pixels">How many there are.</param>
/// <param name="Least">The least brightness around them.</param>
/// <param name="Most">The greatest.</param>
/// <param name="Error">Standard error of the variance, relative to it.</param>
/// <param name="Leak">The share of the band's energy that was taken for the picture's.</param>
/// <param name="Clipped">The share of blocks with a sample at black or white.</param>
internal sealed record BandLevel(double Mean, double Variance, int Pixels, double Least, double Most, double Error, double Leak, double Clipped);
