namespace Klar.Formats.Containers;

/// <summary>The distance from sample to sample in micrometres along each axis; null where it is not stated.</summary>
/// <param name="X">From pixel to pixel.</param>
/// <param name="Y">From row to row.</param>
/// <param name="Z">From slice to slice.</param>
internal readonly record struct PixelSize(double? X, double? Y, double? Z)
{
    /// <summary>A size that says something; null for zero, negative and non-finite numbers.</summary>
    public static double? Usable(double? micrometres) =>
        micrometres is { } size && double.IsFinite(size) && size > 0 ? size : null;
}
