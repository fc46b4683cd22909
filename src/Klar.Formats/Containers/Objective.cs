namespace Klar.Formats.Containers;

/// <summary>The objective that an image was taken with; null for what the file does not say.</summary>
/// <param name="Model">What its maker calls it.</param>
/// <param name="Magnification">Its nominal magnification.</param>
/// <param name="NumericalAperture">Its numerical aperture.</param>
/// <param name="Immersion">What is between it and the object, in the file's own word.</param>
internal sealed record Objective(string? Model, double? Magnification, double? NumericalAperture, string? Immersion)
{
    /// <summary>Whether it says anything at all.</summary>
    public bool IsKnown => Model is not null || Magnification is not null || NumericalAperture is not null;
}
