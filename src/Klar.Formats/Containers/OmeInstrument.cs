using System.Globalization;
using System.Xml.Linq;

namespace Klar.Formats.Containers;

/// <summary>The parts of OME-XML that stand beside the image: its objective, and the file's own words.</summary>
internal static class OmeInstrument
{
    private const string InstrumentId = "Instrument:0";
    private const string ObjectiveId = "Objective:0:0";
    private const string AnnotationId = "Annotation:0";
    private const string OwnWords = "klar/original-metadata/";

    private static readonly Dictionary<string, string> Immersions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["air"] = "Air",
        ["dry"] = "Air",
        ["oil"] = "Oil",
        ["water"] = "Water",
        ["glycerol"] = "Glycerol",
        ["glyc"] = "Glycerol",
        ["multi"] = "Multi",
        ["imm"] = "Multi",
    };

    /// <summary>The instrument; null where nothing is known of it.</summary>
    public static XElement? Of(ContainedImage image, XNamespace ome) =>
        image.Objective is not { IsKnown: true } objective ? null : new XElement(
            ome + "Instrument",
            new XAttribute("ID", InstrumentId),
            new XElement(
                ome + "Objective",
                OmeDescription.Text("Model", objective.Model),
                new XAttribute("ID", ObjectiveId),
                Number("LensNA", objective.NumericalAperture),
                Number("NominalMagnification", objective.Magnification),
                objective.Immersion is { } medium
                    ? new XAttribute("Immersion", Immersions.GetValueOrDefault(medium, "Other"))
                    : null));

    /// <summary>What an image says of its instrument.</summary>
    public static XElement[] Settings(ContainedImage image, XNamespace ome) => image.Objective is not { IsKnown: true }
        ? []
        :
        [
            new XElement(ome + "InstrumentRef", new XAttribute("ID", InstrumentId)),
            new XElement(ome + "ObjectiveSettings", new XAttribute("ID", ObjectiveId)),
        ];

    /// <summary>The file's own words; null where there are none.</summary>
    public static XElement? Annotations(ContainedImage image, XNamespace ome)
    {
        if (image.Original is not { } original)
        {
            return null;
        }

        var value = new XElement(
            ome + "Value",
            original.Xml is { } xml
                ? new XElement(xml)
                : original.Values.Select(pair => new XElement(
                    ome + "M", OmeDescription.Text("K", pair.Key), OmeDescription.Clean(pair.Value))));
        return new XElement(
            ome + "StructuredAnnotations",
            new XElement(
                ome + (original.Xml is null ? "MapAnnotation" : "XMLAnnotation"),
                new XAttribute("ID", AnnotationId),
                new XAttribute("Namespace", OwnWords + original.Format),
                value));
    }

    /// <summary>The image's reference to them; null where there are none.</summary>
    public static XElement? AnnotationRef(ContainedImage image, XNamespace ome) =>
        image.Original is null ? null : new XElement(ome + "AnnotationRef", new XAttribute("ID", AnnotationId));

    private static XAttribute? Number(string name, double? value) => PixelSize.Usable(value) is { } number
        ? new XAttribute(name, number.ToString("G12", CultureInfo.InvariantCulture))
        : null;
}
