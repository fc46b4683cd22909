using System.Globalization;
using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.OmeSets;

/// <summary>An image of OME-XML whose planes are in several files: where each of them is.</summary>
internal sealed class OmeSetImage
{
    private const int MaxPlanes = 1 << 22;

    private readonly XElement _pixels;
    private readonly (string File, int Directory)?[] _places;

    private OmeSetImage(XElement pixels, (string File, int Directory)?[] places, StackAxes axes) =>
        (_pixels, _places, Axes) = (pixels, places, axes);

    /// <summary>What its planes are.</summary>
    public StackAxes Axes { get; }

    /// <summary>The names of the files that hold planes of it, the first plane's first.</summary>
    public IReadOnlyList<string> Files =>
        [.. _places.Select(static place => place?.File).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Whether each plane is somewhere.</summary>
    public bool IsComplete => Array.TrueForAll(_places, static place => place is not null);

    /// <summary>Where a plane is.</summary>
    public (string File, int Directory) PlaceOf(int plane) =>
        _places[plane] ?? throw new BadImageFileException($"its plane {plane + 1} is in none of its files");

    /// <summary>What it is.</summary>
    /// <param name="first">What the file of its first plane says about that.</param>
    public ContainedImage Contained(ImageFileInfo first)
    {
        PixelSize size = OmeImage.PixelSize(_pixels);
        return new ContainedImage(first with { Pages = Axes.Pages, PixelSizeMicrometres = size.X }, Axes)
        {
            Name = OmeImage.Name(_pixels),
            PixelSize = size,
            FrameSeconds = OmeImage.FrameSeconds(_pixels),
            Channels = OmeImage.Channels(_pixels),
            Description = InOneFile(),
        };
    }

    /// <summary>The images of a document.</summary>
    /// <param name="document">The OME-XML.</param>
    /// <param name="own">The file that it stands in, for planes whose file is not named.</param>
    public static IEnumerable<OmeSetImage> All(XDocument document, string own) => document.Root!.Elements()
        .Where(static element => element.Name.LocalName == "Image")
        .SelectMany(static image => Named(image, "Pixels"))
        .Select(pixels => Of(pixels, own))
        .OfType<OmeSetImage>();

    private static OmeSetImage? Of(XElement pixels, string own)
    {
        int samples = Named(pixels, "Channel").Select(static one => one.Integer("SamplesPerPixel", 1)).Append(1).Max();
        string order = pixels.Attribute("DimensionOrder")?.Value is { Length: 5 } stated ? stated[2..] : "ZCT";
        int[] sizes = [.. order.Select(axis => pixels.Integer($"Size{axis}", 1) / (axis == 'C' ? samples : 1))];
        long planes = sizes.Aggregate(
            1L, static (product, size) => Math.Min(MaxPlanes + 1, product * Math.Max(0, size)));
        if (planes is 0 or > MaxPlanes || order.Order().ToArray() is not ['C', 'T', 'Z'])
        {
            return null;
        }

        var places = new (string, int)?[planes];
        foreach (XElement data in Named(pixels, "TiffData"))
        {
            int at = 0;
            for (int i = order.Length - 1; i >= 0; i--)
            {
                int place = data.Integer($"First{order[i]}", 0) / (order[i] == 'C' ? samples : 1);
                at = (at * sizes[i]) + Math.Clamp(place, 0, sizes[i] - 1);
            }

            string file = Named(data, "UUID").FirstOrDefault()?.Attribute("FileName")?.Value is { Length: > 0 } name
                ? Path.GetFileName(name)
                : own;
            int directory = data.Integer("IFD", 0);
            bool whole = data.Attribute("IFD") is null && data.Attribute("PlaneCount") is null;
            int count = data.Integer("PlaneCount", whole ? places.Length - at : 1);
            for (int i = 0; i < count && at + i < places.Length; i++)
            {
                places[at + i] = (file, directory + i);
            }
        }

        var axes = StackAxes.Of(new string([.. order.Reverse()]), sizes.Reverse(), "OME-XML");
        return new OmeSetImage(pixels, places, axes);
    }

    /// <summary>The document with this image alone, all of its planes in one file.</summary>
    private string InOneFile()
    {
        var document = new XDocument(_pixels.Document!);
        string? id = _pixels.Parent!.Attribute("ID")?.Value;
        XElement root = document.Root!;
        root.SetAttributeValue("UUID", null);
        XElement[] images = [.. Named(root, "Image")];
        XElement own = Array.Find(images, image => image.Attribute("ID")?.Value == id) ?? images[0];
        images.Where(image => image != own).Remove();
        XElement pixels = Named(own, "Pixels").First();
        XElement[] data = [.. Named(pixels, "TiffData")];
        data[0].AddBeforeSelf(new XElement(
            pixels.Name.Namespace + "TiffData",
            new XAttribute("IFD", 0),
            new XAttribute("PlaneCount", _places.Length.ToString(CultureInfo.InvariantCulture))));
        data.Remove();
        string text = document.ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}";
    }

    private static IEnumerable<XElement> Named(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);
}
