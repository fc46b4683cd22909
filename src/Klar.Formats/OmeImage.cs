using System.Globalization;
using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats;

/// <summary>What OME-XML says about an image beside where its planes are: sizes of pixels, channels, times.</summary>
internal static class OmeImage
{
    /// <summary>The distances of samples.</summary>
    public static PixelSize PixelSize(XElement pixels) => new(
        Length(pixels, "PhysicalSizeX"), Length(pixels, "PhysicalSizeY"), Length(pixels, "PhysicalSizeZ"));

    /// <summary>The time from frame to frame in seconds; null where it is not stated.</summary>
    public static double? FrameSeconds(XElement pixels)
    {
        double? inUnit = pixels.Attribute("TimeIncrementUnit")?.Value switch
        {
            null or "s" => 1,
            "ms" => 1e-3,
            "µs" => 1e-6,
            "ns" => 1e-9,
            "min" => 60,
            "h" => 3600,
            _ => null,
        };
        return Containers.PixelSize.Usable(pixels.Number("TimeIncrement") * inUnit);
    }

    /// <summary>The channels, in order.</summary>
    public static ImageChannel[] Channels(XElement pixels) =>
    [
        .. pixels.Elements().Where(static element => element.Name.LocalName == "Channel").Select(static channel =>
            new ImageChannel
            {
                Name = Text(channel, "Name"),
                Fluor = Text(channel, "Fluor"),
                Colour = Colour(channel),
                ExcitationNanometres = Length(channel, "ExcitationWavelength", "nm") * 1000,
                EmissionNanometres = Length(channel, "EmissionWavelength", "nm") * 1000,
            }),
    ];

    /// <summary>The name of the image that the pixels belong to; empty where it has none.</summary>
    public static string Name(XElement pixels) => pixels.Parent is { } image ? Text(image, "Name") ?? "" : "";

    private static double? Length(XElement element, string name, string unit = "µm") => Containers.PixelSize.Usable(
        element.Number(name) * Micrometres.In(element.Attribute(name + "Unit")?.Value ?? unit));

    private static string? Text(XElement element, string name) =>
        element.Attribute(name)?.Value is { Length: > 0 } text ? text : null;

    /// <summary>Red, green and blue of a number whose lowest byte is how opaque it is.</summary>
    private static (byte Red, byte Green, byte Blue)? Colour(XElement channel) => int.TryParse(
        channel.Attribute("Color")?.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int colour)
        ? ((byte)(colour >> 24), (byte)(colour >> 16), (byte)(colour >> 8))
        : null;
}
