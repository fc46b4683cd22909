using System.Globalization;
using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.Czi;

/// <summary>What the XML of a CZI file says: pixel sizes, channels, names of scenes.</summary>
internal sealed class CziMetadata
{
    private readonly XElement? _metadata;

    public CziMetadata(string xml)
    {
        XElement? root = HeaderXml.Parse(xml);
        (_metadata, IsDamaged) = (root?.Element("Metadata"), root is null && xml.Length > 0);
    }

    /// <summary>Whether there is XML that cannot be read.</summary>
    public bool IsDamaged { get; }

    /// <summary>The distance of pixels, rows and slices.</summary>
    public PixelSize PixelSize => new(Distance("X"), Distance("Y"), Distance("Z"));

    /// <summary>When it was taken.</summary>
    public string? Acquired => HeaderXml.Date(Image.At("AcquisitionDateAndTime")?.Value);

    private XElement? Image => _metadata.At("Information", "Image");

    /// <summary>The time from frame to frame in seconds.</summary>
    public double? FrameSeconds =>
        HeaderXml.Number(Image.At("Dimensions", "T", "Positions", "Interval", "Increment")?.Value);

    /// <summary>The objective that the image names, or the only one.</summary>
    public Objective? Objective
    {
        get
        {
            XElement[] all = [.. _metadata.At("Information", "Instrument", "Objectives")?.Elements("Objective") ?? []];
            string? id = Image.At("ObjectiveSettings", "ObjectiveRef")?.Attribute("Id")?.Value;
            XElement? used = Array.Find(all, one => one.Attribute("Id")?.Value == id)
                ?? (all is [var only] ? only : null);
            string? model = used.At("Manufacturer", "Model")?.Value ?? used?.Attribute("Name")?.Value;
            return used is null ? null : new Objective(
                string.IsNullOrEmpty(model) ? null : model,
                HeaderXml.Number(used.At("NominalMagnification")?.Value),
                HeaderXml.Number(used.At("LensNA")?.Value),
                used.At("Immersion")?.Value);
        }
    }

    /// <summary>All of it.</summary>
    public OriginalMetadata? Original => OriginalMetadata.Of("CZI", _metadata);

    /// <summary>What is said about a channel.</summary>
    public ImageChannel Channel(int number)
    {
        XElement? channel = Image.At("Dimensions", "Channels")?.Elements("Channel").ElementAtOrDefault(number);
        XElement? display = _metadata.At("DisplaySetting", "Channels")?.Elements("Channel")
            .FirstOrDefault(one => one.Attribute("Id")?.Value is { } id && id == channel?.Attribute("Id")?.Value);
        string? name = channel?.Attribute("Name")?.Value;
        return new ImageChannel
        {
            Name = string.IsNullOrEmpty(name) ? null : name,
            Fluor = channel.At("Fluor")?.Value,
            Colour = Colour((display.At("Color") ?? channel.At("Color"))?.Value),
            ExcitationNanometres = HeaderXml.Number(channel.At("ExcitationWavelength")?.Value),
            EmissionNanometres = HeaderXml.Number(channel.At("EmissionWavelength")?.Value),
            ExposureSeconds = HeaderXml.Number(channel.At("ExposureTime")?.Value) * 1e-9,
        };
    }

    /// <summary>The name of a scene; empty where it has none.</summary>
    public string SceneName(int number) =>
        Image.At("Dimensions", "S", "Scenes")?.Elements("Scene")
            .FirstOrDefault(scene => scene.Integer("Index", -1) == number)?.Attribute("Name")?.Value ?? string.Empty;

    private double? Distance(string axis) => PixelSize.Usable(1e6 * HeaderXml.Number(
        _metadata.At("Scaling", "Items")?.Elements("Distance")
            .FirstOrDefault(distance => distance.Attribute("Id")?.Value == axis)?.Element("Value")?.Value));

    /// <summary>Of #RRGGBB, with or without a byte of transparency in front.</summary>
    private static (byte Red, byte Green, byte Blue)? Colour(string? text) =>
        text is { Length: 7 or 9 } && text[0] == '#'
        && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint colour)
            ? ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour)
            : null;
}
