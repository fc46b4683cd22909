using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Klar.Formats.Containers;

/// <summary>
/// The OME-XML that an image of another format gets as the description of its TIFF file: sizes, pixel sizes, channels.
/// </summary>
/// <remarks>The OME data model of June 2016, https://docs.openmicroscopy.org/ome-model.</remarks>
internal static class OmeDescription
{
    private const string MicrometreUnit = "µm";

    private static readonly XNamespace Ome = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>The text.</summary>
    public static string Of(ContainedImage image)
    {
        var root = new XElement(
            Ome + "OME",
            new XAttribute(XNamespace.Xmlns + "xsi", Instance),
            new XAttribute(Instance + "schemaLocation", $"{Ome} {Ome}/ome.xsd"),
            OmeInstrument.Of(image, Ome),
            new XElement(
                Ome + "Image",
                new XAttribute("ID", "Image:0"),
                Text("Name", image.Name),
                image.Acquired is null ? null : new XElement(Ome + "AcquisitionDate", image.Acquired),
                OmeInstrument.Settings(image, Ome),
                Pixels(image),
                OmeInstrument.AnnotationRef(image, Ome)),
            OmeInstrument.Annotations(image, Ome));
        string text = root.ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}";
    }

    /// <summary>A sample type in the words of the model.</summary>
    public static string NameOf(SampleType type) => type switch
    {
        SampleType.Float32 => "float",
        SampleType.Float64 => "double",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static XElement Pixels(ContainedImage image)
    {
        (ImageFileInfo info, StackAxes axes) = (image.Info, image.Axes);
        int samples = info.Channels + (info.HasAlpha ? 1 : 0), channels = axes.SizeOf('C');

        // Pages of which nothing is known are a series.
        int frames = axes.SizeOf('T') * axes.SizeOf(StackAxes.Unknown);
        return new XElement(
            Ome + "Pixels",
            new XAttribute("ID", "Pixels:0"),
            new XAttribute("DimensionOrder", $"XY{Order(axes)}"),
            new XAttribute("Type", NameOf(info.SampleType)),
            new XAttribute("SizeX", info.Width),
            new XAttribute("SizeY", info.Height),
            new XAttribute("SizeC", channels * samples),
            new XAttribute("SizeZ", axes.SizeOf('Z')),
            new XAttribute("SizeT", frames),
            Size("PhysicalSizeX", image.PixelSize.X),
            Size("PhysicalSizeY", image.PixelSize.Y),
            Size("PhysicalSizeZ", image.PixelSize.Z),
            Measure("TimeIncrement", image.FrameSeconds, "s"),
            Enumerable.Range(0, channels).Select(c => Channel(image.Channels.ElementAtOrDefault(c), c, samples)),
            new XElement(Ome + "TiffData", new XAttribute("IFD", 0), new XAttribute("PlaneCount", axes.Pages)),
            image.PageSeconds.Count == axes.Pages
            || image.Channels.Any(static channel => channel.ExposureSeconds is not null)
                ? Enumerable.Range(0, axes.Pages).Select(page => Plane(image, page))
                : null);
    }

    private static XElement Channel(ImageChannel? channel, int number, int samples) => new(
        Ome + "Channel",
        new XAttribute("ID", $"Channel:0:{number}"),
        new XAttribute("SamplesPerPixel", samples),
        Text("Name", channel?.Name),
        Text("Fluor", channel?.Fluor),
        Measure("ExcitationWavelength", channel?.ExcitationNanometres, "nm"),
        Measure("EmissionWavelength", channel?.EmissionNanometres, "nm"),
        channel?.Colour is var (red, green, blue)
            ? new XAttribute("Color", unchecked((red << 24) | (green << 16) | (blue << 8) | 0xFF))
            : null);

    private static XElement Plane(ContainedImage image, int page)
    {
        int c = image.Axes.PlaceOf(page, 'C');
        int t = image.Axes.PlaceOf(page, image.Axes.IsUnknown ? StackAxes.Unknown : 'T');
        return new XElement(
            Ome + "Plane",
            new XAttribute("TheZ", image.Axes.PlaceOf(page, 'Z')),
            new XAttribute("TheT", t),
            new XAttribute("TheC", c),
            image.PageSeconds.Count == image.Axes.Pages ? Seconds("DeltaT", image.PageSeconds[page]) : [],
            Measure("ExposureTime", image.Channels.ElementAtOrDefault(c)?.ExposureSeconds, "s"));
    }

    /// <summary>The axes along which pages follow each other, the fastest first, those of size 1 last.</summary>
    private static string Order(StackAxes axes)
    {
        string known = axes.Order.Replace(StackAxes.Unknown, 'T');
        return string.Concat(known.Reverse().Concat("CZT".Except(known)));
    }

    /// <summary>An attribute; null for an empty text.</summary>
    public static XAttribute? Text(string name, string? value) =>
        string.IsNullOrEmpty(value) ? null : new XAttribute(name, Clean(value));

    /// <summary>A text without what XML cannot hold.</summary>
    public static string Clean(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));

    private static XAttribute[] Seconds(string name, double value) =>
        [new(name, value.ToString("G12", CultureInfo.InvariantCulture)), new($"{name}Unit", "s")];

    private static XAttribute[] Size(string name, double? micrometres) => Measure(name, micrometres, MicrometreUnit);

    private static XAttribute[] Measure(string name, double? value, string unit) =>
        PixelSize.Usable(value) is { } number
            ? [new(name, number.ToString("G12", CultureInfo.InvariantCulture)), new($"{name}Unit", unit)]
            : [];
}
