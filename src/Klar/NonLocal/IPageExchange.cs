using Klar.Imaging;

namespace Klar.NonLocal;

/// <summary>
/// Where a page of a stack meets its neighbours: a method that comes to its own work on a page hands it over here, after
/// all that goes on around a method was done to it, and goes on with what comes back.
/// </summary>
internal interface IPageExchange
{
    /// <summary>What the method makes of these channels with the neighbours at hand.</summary>
    /// <param name="part">Channels of the page that belong together.</param>
    /// <param name="alone">The method on one page.</param>
    /// <param name="advanced">Hears the share done, 0 to 1.</param>
    IEnumerable<Plane> Denoise(PagePart part, PatchDenoising.Work alone, Action<double> advanced);
}

/// <summary>Channels of a page that a method takes together.</summary>
/// <param name="First">Which of the page's channels is the first of them.</param>
/// <param name="Planes">Their samples.</param>
/// <param name="Sigmas">σ of each.</param>
/// <param name="Steps">The method's groups over pages; null where it finds none.</param>
internal sealed record PagePart(
    int First, IReadOnlyList<Plane> Planes, float[] Sigmas, PatchDenoising.Steps? Steps)
{
    /// <summary>Autocorrelation of the noise at lags −4 to 4, 9 × 9; null where it is not known.</summary>
    public IReadOnlyList<double>? Autocorrelation { get; init; }
}
