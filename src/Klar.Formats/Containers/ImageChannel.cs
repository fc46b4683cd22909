namespace Klar.Formats.Containers;

/// <summary>What a file says about a channel; null for what it does not say.</summary>
internal sealed record ImageChannel
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The dye.</summary>
    public string? Fluor { get; init; }

    /// <summary>The colour in which it is shown.</summary>
    public (byte Red, byte Green, byte Blue)? Colour { get; init; }

    /// <summary>The wavelength of the light that excites, in nanometres.</summary>
    public double? ExcitationNanometres { get; init; }

    /// <summary>The wavelength of the light that is recorded, in nanometres.</summary>
    public double? EmissionNanometres { get; init; }

    /// <summary>The exposure of a page in seconds.</summary>
    public double? ExposureSeconds { get; init; }
}
