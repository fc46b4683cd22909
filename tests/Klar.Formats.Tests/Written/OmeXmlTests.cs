using System.Xml.Linq;
using System.Xml.Schema;
using Klar.Formats.Tests.Containers;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Written;

/// <summary>
/// The OME-XML of results is valid: by ome_parts.xsd, and what refers to something refers to what is there. What a file
/// says in its own words goes with it.
/// </summary>
public sealed class OmeXmlTests : IDisposable
{
    private static readonly XNamespace Ome = "http://www.openmicroscopy.org/Schemas/OME/2016-06";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Vendors => SharedData.Folder is null
        ? ["none"]
        : [.. Directory.EnumerateFiles(SharedData.PathOf("vendor")).Select(Path.GetFileName).OfType<string>()];

    [SharedTheory]
    [MemberData(nameof(Vendors))]
    public void Of_every_vendors_file_it_is_valid_and_has_the_files_own_words(string name)
    {
        string path = SharedData.PathOf("vendor/" + name);
        foreach (SceneInfo scene in ImageStack.Scenes(path))
        {
            using ImageStack stack = ImageStack.Open(path, scene.Number);
            XElement written = Valid(stack);
            XElement? words = written.Element(Ome + "StructuredAnnotations")?.Element(Ome + "XMLAnnotation");
            string? named = words?.Attribute("Namespace")?.Value;
            Assert.StartsWith("klar/original-metadata/", named, StringComparison.Ordinal);
            Assert.NotEmpty(words!.Element(Ome + "Value")!.Elements());
        }
    }

    [Fact]
    public void Of_HDF5_MRC_and_Zarr_it_is_valid()
    {
        Python.Run("make_hdf5.py", _folder.Path);
        Python.Run("make_zarr3.py", _folder.Path);
        File.WriteAllBytes(_folder["a.mrc"], new MrcBytes { Mode = 1, ExtendedHeader = 160 }.Bytes());
        foreach (string name in (string[])["x.ims", "one.h5", "a.mrc", "shards.ome.zarr"])
        {
            using ImageStack stack = ImageStack.Open(_folder[name]);
            _ = Valid(stack);
        }
    }

    [Fact]
    public void The_extended_header_of_MRC_is_kept()
    {
        byte[] bytes = new MrcBytes { Mode = 1, ExtendedHeader = 160 }.Bytes();
        new Random(1).NextBytes(bytes.AsSpan(1024, 160));
        "made by hand"u8.CopyTo(bytes.AsSpan(224));
        File.WriteAllBytes(_folder["a.mrc"], bytes);
        using ImageStack stack = ImageStack.Open(_folder["a.mrc"]);
        var words = Valid(stack).Descendants(Ome + "M").ToDictionary(
            static one => one.Attribute("K")!.Value, static one => one.Value);
        Assert.Equal("made by hand", words["LABEL0"]);
        Assert.Equal(bytes[1024..1184], Convert.FromBase64String(words["EXTENDED HEADER (base64)"]));
    }

    [SharedTheory]
    [InlineData("xyz__multiple_images.czi", "NominalMagnification")]
    [InlineData("xz-example.lif", "LensNA")]
    public void The_objective_is_kept(string name, string attribute)
    {
        using ImageStack stack = ImageStack.Open(SharedData.PathOf("vendor/" + name), 0);
        XElement written = Valid(stack);
        Assert.NotNull(written.Element(Ome + "Instrument")?.Element(Ome + "Objective")?.Attribute(attribute));
    }

    private XElement Valid(ImageStack stack)
    {
        string output = _folder["valid.ome.tif"];
        File.Delete(output);
        ContainerCopy.Write(stack, output);
        using ImageStack copy = ImageStack.Open(output);
        var document = XDocument.Parse(copy.DescriptionOfFirst);
        var schemas = new XmlSchemaSet();
        schemas.Add(Ome.NamespaceName, Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", "ome_parts.xsd"));
        document.Validate(schemas, static (_, failure) => Assert.Fail(failure.Message));
        string[] named = [.. IdsOf(document, static element => !IsReference(element))];
        Assert.Equal(named.Distinct(), named);
        Assert.Subset(named.ToHashSet(), IdsOf(document, IsReference).ToHashSet());
        return document.Root!;
    }

    private static bool IsReference(XElement element) =>
        element.Name.LocalName.EndsWith("Ref", StringComparison.Ordinal)
        || element.Name.LocalName.EndsWith("Settings", StringComparison.Ordinal);

    private static IEnumerable<string> IdsOf(XDocument document, Func<XElement, bool> which) =>
        document.Descendants().Where(element => element.Name.Namespace == Ome && which(element))
            .Select(static element => element.Attribute("ID")?.Value).OfType<string>();
}
