namespace Klar;

/// <summary>
/// Where a page of a stack meets its neighbours: a method that comes to its own work on a page hands it over here,
/// after all that goes on around the method was done to it, and goes on with what comes back.
/// </summary>
internal interface IPageExchange
{
    /// <summary>What the method makes of these channels with the neighbours at hand.</summary>
    /// <param name="part">Channels of the page that belong together, and the method's work on them.</param>
    /// <param name="advanced">Hears the share done, 0 to 1.</param>
    IEnumerable<Plane> Denoise(IPagePart part, Action<double> advanced);
}

/// <summary>Channels of a page that a method takes together.</summary>
internal interface IPagePart
{
    /// <summary>Their samples.</summary>
    IReadOnlyList<Plane> Planes { get; }
}
