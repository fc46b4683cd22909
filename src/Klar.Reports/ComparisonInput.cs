namespace Klar.Reports;

/// <summary>
/// An image to compare methods on: a clean one that noise is added to, or a noisy one with its reference.
/// </summary>
/// <param name="Name">What the rows call it.</param>
/// <param name="Reference">The clean image.</param>
/// <param name="Noisy">The noisy image of the same scene; null where noise is to be added.</param>
public sealed record ComparisonInput(string Name, Image Reference, Image? Noisy = null)
{
    /// <summary>The side of a pixel, for a scale bar; null where it is not known.</summary>
    public double? PixelSizeMicrometres { get; init; }
}
