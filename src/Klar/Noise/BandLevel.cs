namespace Klar.Noise;

/// <summary>Pixels of like brightness, and the noise in their diagonal differences.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Variance">Variance of the noise, less what edges leak into the band.</param>
/// <param name="Pixels">How many there are.</param>
/// <param name="Least">The least brightness around them.</param>
/// <param name="Most">The greatest.</param>
/// <param name="Error">Standard error of the variance, relative to it.</param>
/// <param name="Leak">The share of the band's energy that was taken for the picture's.</param>
/// <param name="Black">The share of samples at black or below.</param>
/// <param name="White">The share of samples at white or above.</param>
internal sealed record BandLevel(
    double Mean, double Variance, int Pixels, double Least, double Most, double Error, double Leak, double Black,
    double White);
