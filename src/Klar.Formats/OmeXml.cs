using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Klar.Formats;

/// <summary>
/// The OME-XML of a TIFF file: which planes of an image its pages are, how large a pixel is, and the same text for a
/// file made from this one.
/// </summary>
/// <remarks>
/// The OME data model of June 2016, https://docs.openmicroscopy.org/ome-model; files of one set name each other by
/// UUID.
/// </remarks>
internal sealed class OmeXml
{
    private const string UuidPrefix = "urn:uuid:";

    private readonly XDocument _document;
    private readonly XDocument _metadata;
    private readonly string _fileName;

    private OmeXml(XDocument document, XDocument metadata, string fileName) =>
        (_document, _metadata, _fileName) = (document, metadata, fileName);

    /// <summary>Of the description of the first page of <paramref name="path"/>; null where it is no OME-XML.</summary>
    public static OmeXml? Of(string description, string path)
    {
        if (!description.Contains("<OME", StringComparison.Ordinal) || Parsed(description) is not { } document)
        {
            return null;
        }

        // Of a set with a companion each file has no more than the companion's name.
        XDocument metadata = document;
        if (Named(document.Root!, "BinaryOnly").FirstOrDefault()?.Attribute("MetadataFile")?.Value is { } companion
            && Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(companion)) is var beside
                && File.Exists(beside))
        {
            metadata = Parsed(File.ReadAllText(beside)) ?? document;
        }

        return new OmeXml(document, metadata, Path.GetFileName(path));
    }

    /// <summary>The document that describes the images: the file's own, or its companion.</summary>
    public XDocument Metadata => _metadata;

    /// <summary>How many other files of the set hold planes of the image whose pages are here.</summary>
    public int OtherFiles => Images.Where(HasPages).SelectMany(static pixels => Named(pixels, "TiffData"))
        .Where(data => !IsOwn(data))
        .Select(static data => Named(data, "UUID").First().Value.Trim())
        .Distinct(StringComparer.OrdinalIgnoreCase).Count();

    /// <summary>
    /// Which planes the file's pages are, in the pages' order; null where the XML does not say it of every page.
    /// </summary>
    public IReadOnlyList<(int C, int Z, int T)>? Planes(int pages)
    {
        var planes = new (int, int, int)?[pages];
        XElement[] images = [.. Images.Where(HasPages)];
        if (images.Length != 1)
        {
            return null;
        }

        XElement pixels = images[0];
        List<(int C, int Z, int T)> order = InDimensionOrder(pixels);
        XElement[] data = [.. Named(pixels, "TiffData").Where(IsOwn)];
        foreach (XElement block in data)
        {
            int first = Number(block, "IFD", 0);
            bool whole = block.Attribute("IFD") is null && block.Attribute("PlaneCount") is null;
            int count = Number(block, "PlaneCount", whole ? pages : 1);
            int at = order.IndexOf((
                Number(block, "FirstC", 0) / SamplesPerPixel(pixels), Number(block, "FirstZ", 0),
                Number(block, "FirstT", 0)));
            for (int i = 0; i < count && at >= 0; i++)
            {
                if (first + i < pages && at + i < order.Count)
                {
                    planes[first + i] = order[at + i];
                }
            }
        }

        // Without a word on where planes are, they follow each other.
        if (data.Length == 0 && order.Count == pages)
        {
            return order;
        }

        return Array.TrueForAll(planes, static plane => plane is not null)
            ? [.. planes.Select(static plane => plane!.Value)]
            : null;
    }

    /// <summary>The axes of the file's pages; null where they are not a grid.</summary>
    public StackAxes? Axes(int pages)
    {
        if (Planes(pages) is not { } planes)
        {
            return null;
        }

        int[][] places =
        [
            [.. planes.Select(static plane => plane.T)], [.. planes.Select(static plane => plane.Z)],
            [.. planes.Select(static plane => plane.C)]
        ];
        (char Axis, int Size, int Step)[] axes =
        [
            .. "TZC"
                .Zip(places, static (axis, along) => (axis, along.Distinct().Count(), Step(along)))
                .Where(static axis => axis.Item2 > 1)
                .OrderByDescending(static axis => axis.Item3),
        ];
        StackAxes grid = StackAxes.Of(
            new string([.. axes.Select(static axis => axis.Axis)]), axes.Select(static axis => axis.Size), "OME-XML");
        bool regular = grid.Pages == pages && "TZC".Zip(places).All(axis =>
            Ranks(axis.Second).Select((rank, page) => rank == grid.PlaceOf(page, axis.First)).All(static same => same));
        return regular ? grid : null;
    }

    /// <summary>The side of a pixel in micrometres; null where it is not stated.</summary>
    public double? PixelSize => Pixels is { } pixels ? OmeImage.PixelSize(pixels).X : null;

    /// <summary>What it says about the image whose pages are here, or else about the first; null where there is
    /// none.</summary>
    public XElement? Pixels => Images.FirstOrDefault(HasPages) ?? Images.FirstOrDefault();

    /// <summary>
    /// The text for a file that was made from this one: fresh UUIDs, a note of what was done, and only the planes
    /// that were kept. The UUIDs follow from the old ones and the note, so that the files of a set that are made one
    /// by one still name each other.
    /// </summary>
    /// <param name="outputName">The new file's name.</param>
    /// <param name="note">What was done, a line.</param>
    /// <param name="kept">The pages that were kept; null for all.</param>
    /// <param name="pages">The pages there were.</param>
    /// <param name="type">Another sample type; null for that which it names.</param>
    public string For(string outputName, string note, IReadOnlyList<int>? kept, int pages, SampleType? type = null)
    {
        IReadOnlyList<(int C, int Z, int T)>? planes = kept is null ? null : Planes(pages);
        var document = new XDocument(_document);
        var made = new OmeXml(document, ReferenceEquals(_document, _metadata) ? document : _metadata, _fileName);
        XElement root = made._document.Root!;
        if (ReferenceEquals(made._document, made._metadata))
        {
            if (planes is not null && made.Images.FirstOrDefault(made.HasPages) is { } pixels)
            {
                Keep(pixels, [.. kept!.Select(page => planes[page])]);
            }

            if (type is { } other && made.Images.FirstOrDefault(made.HasPages) is { } typed)
            {
                typed.SetAttributeValue("Type", Containers.OmeDescription.NameOf(other));
                typed.SetAttributeValue("SignificantBits", null);
            }

            foreach (XElement image in Named(root, "Image"))
            {
                Note(image, note);
            }
        }

        foreach (XElement uuid in root.Descendants().Where(static element => element.Name.LocalName == "UUID"))
        {
            uuid.Value = Fresh(uuid.Value, note);
            if (uuid.Attribute("FileName") is { } name)
            {
                name.Value = Renamed(name.Value, outputName);
            }
        }

        if (root.Attribute("UUID") is { } own)
        {
            own.Value = Fresh(own.Value, note);
        }

        string text = made._document.ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
        return made._document.Declaration is { } declaration ? $"{declaration}{text}" : text;
    }

    private IEnumerable<XElement> Images =>
        Named(_metadata.Root!, "Image").SelectMany(static image => Named(image, "Pixels"));

    private string? OwnUuid => _document.Root!.Attribute("UUID")?.Value;

    private bool HasPages(XElement pixels) => !Named(pixels, "TiffData").Any() || Named(pixels, "TiffData").Any(IsOwn);

    /// <summary>Whether planes are in this file: by its UUID or its name, or because no other file is named.</summary>
    private bool IsOwn(XElement tiffData) => Named(tiffData, "UUID").FirstOrDefault() is not { } uuid
        || (OwnUuid is { } own && uuid.Value.Trim() == own)
        || uuid.Attribute("FileName")?.Value == _fileName;

    private string Renamed(string name, string outputName)
    {
        if (name == _fileName)
        {
            return outputName;
        }

        // The other files of the set are expected to be renamed like this one.
        (string stem, string made) = (FileName.Stem(_fileName), FileName.Stem(outputName));
        return made.StartsWith(stem, StringComparison.Ordinal)
            ? FileName.Stem(name) + made[stem.Length..] + FileName.Extension(name)
            : name;
    }

    private static void Keep(XElement pixels, IReadOnlyList<(int C, int Z, int T)> kept)
    {
        int[] channels = [.. kept.Select(static plane => plane.C).Distinct().Order()],
            slices = [.. kept.Select(static plane => plane.Z).Distinct().Order()];
        int[] frames = [.. kept.Select(static plane => plane.T).Distinct().Order()];
        int samples = SamplesPerPixel(pixels);
        pixels.SetAttributeValue("SizeC", channels.Length * samples);
        pixels.SetAttributeValue("SizeZ", slices.Length);
        pixels.SetAttributeValue("SizeT", frames.Length);
        XElement[] all = [.. Named(pixels, "Channel")];
        foreach (XElement channel in all.Where((_, i) => !channels.Contains(i)))
        {
            channel.Remove();
        }

        foreach (XElement plane in Named(pixels, "Plane").ToArray())
        {
            (int c, int z, int t) = (Array.IndexOf(channels, Number(plane, "TheC", 0)), Array.IndexOf(
                slices, Number(plane, "TheZ", 0)), Array.IndexOf(frames, Number(plane, "TheT", 0)));
            if (c < 0 || z < 0 || t < 0)
            {
                plane.Remove();
                continue;
            }

            plane.SetAttributeValue("TheC", c);
            plane.SetAttributeValue("TheZ", z);
            plane.SetAttributeValue("TheT", t);
        }

        XElement[] old = [.. Named(pixels, "TiffData")];
        XElement? uuid = old.SelectMany(static data => Named(data, "UUID")).FirstOrDefault();
        XElement[] data = [.. kept.Select((plane, page) => new XElement(
            pixels.Name.Namespace + "TiffData",
            new XAttribute("IFD", page),
            new XAttribute("PlaneCount", 1),
            new XAttribute("FirstC", Array.IndexOf(channels, plane.C) * samples),
            new XAttribute("FirstZ", Array.IndexOf(slices, plane.Z)),
            new XAttribute("FirstT", Array.IndexOf(frames, plane.T)),
            uuid is null ? null : new XElement(uuid)))];
        if (old.Length > 0)
        {
            old[0].AddBeforeSelf(data);
            old.Remove();
        }
        else
        {
            (Named(pixels, "Channel").LastOrDefault() ?? pixels.Elements().LastOrDefault())?.AddAfterSelf(data);
        }
    }

    /// <summary>Adds a line to an image's description, which stands behind date and experimenter.</summary>
    private static void Note(XElement image, string note)
    {
        if (Named(image, "Description").FirstOrDefault() is { } description)
        {
            description.Value = $"{description.Value}\n{note}";
            return;
        }

        var made = new XElement(image.Name.Namespace + "Description", note);
        XElement? before = image.Elements().LastOrDefault(
            static element => element.Name.LocalName is "AcquisitionDate" or "AcquiredDate" or "ExperimenterRef");
        if (before is null)
        {
            image.AddFirst(made);
        }
        else
        {
            before.AddAfterSelf(made);
        }
    }

    private static List<(int C, int Z, int T)> InDimensionOrder(XElement pixels)
    {
        string order = pixels.Attribute("DimensionOrder")?.Value is { Length: 5 } stated ? stated[2..] : "ZCT";
        var sizes = new Dictionary<char, int>
        {
            ['C'] = Math.Max(1, Number(pixels, "SizeC", 1) / SamplesPerPixel(pixels)),
            ['Z'] = Number(pixels, "SizeZ", 1),
            ['T'] = Number(pixels, "SizeT", 1)
        };
        long all = sizes.Values.Aggregate(1L, static (product, size) => product * Math.Max(0, size));
        var planes = new List<(int, int, int)>();
        for (int i = 0; i < all && all <= short.MaxValue && order.All(sizes.ContainsKey); i++)
        {
            int rest = i;
            var place = new Dictionary<char, int>();
            foreach (char axis in order)
            {
                place[axis] = rest % sizes[axis];
                rest /= sizes[axis];
            }

            planes.Add((place['C'], place['Z'], place['T']));
        }

        return planes;
    }

    private static int SamplesPerPixel(XElement pixels) => Math.Max(1, Named(pixels, "Channel")
        .Select(static channel => Number(channel, "SamplesPerPixel", 1))
        .DefaultIfEmpty(1)
        .Max());

    /// <summary>After how many pages an axis goes on by one.</summary>
    private static int Step(int[] along) => Math.Max(0, Array.FindIndex(along, place => place != along[0]));

    private static IEnumerable<int> Ranks(int[] along)
    {
        int[] places = [.. along.Distinct().Order()];
        return along.Select(place => Array.IndexOf(places, place));
    }

    private static string Fresh(string uuid, string note)
    {
        // Version 8 of RFC 9562: of one's own making, here a hash.
        byte[] hash = Sha256.Of(Encoding.UTF8.GetBytes(uuid.Trim() + "\n" + note))[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return UuidPrefix + new Guid(hash, bigEndian: true);
    }

    /// <summary>A document; null where the text is none.</summary>
    public static XDocument? Parsed(string text)
    {
        try
        {
            return XDocument.Parse(
                text.TrimEnd('\0').TrimStart('\uFEFF', ' ', '\n', '\r'), LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static IEnumerable<XElement> Named(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    private static int Number(XElement element, string name, int fallback) =>
        int.TryParse(element.Attribute(name)?.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
            ? number
            : fallback;
}
