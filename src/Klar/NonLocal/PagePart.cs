namespace Klar.NonLocal;

/// <summary>Channels of a page that a method takes together, and what it does with them.</summary>
/// <param name="First">Which of the page's channels is the first of them.</param>
/// <param name="Planes">Their samples.</param>
/// <param name="Sigmas">σ of each.</param>
/// <param name="Alone">The method on one page.</param>
/// <param name="Steps">Its groups over pages; null where it finds none.</param>
internal sealed record PagePart(
    int First, IReadOnlyList<Plane> Planes, float[] Sigmas, PatchDenoising.Work Alone, PatchDenoising.Steps? Steps)
    : IPagePart
{
    /// <summary>Autocorrelation of the noise at lags −4 to 4, 9 × 9; null where it is not known.</summary>
    public IReadOnlyList<double>? Autocorrelation { get; init; }
}
