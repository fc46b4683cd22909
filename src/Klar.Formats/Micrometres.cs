namespace Klar.Formats;

/// <summary>Units of length as ImageJ and OME-XML write them.</summary>
internal static class Micrometres
{
    /// <summary>Micrometres in a unit; null where it is none.</summary>
    public static double? In(string? unit) => unit?.Trim() switch
    {
        "micron" or "microns" or "micrometer" or "um" or "µm" or "μm" or "\\u00B5m" => 1,
        "nm" => 1e-3,
        "mm" => 1e3,
        "cm" => 1e4,
        "m" => 1e6,
        "Å" => 1e-4,
        _ => null,
    };
}
