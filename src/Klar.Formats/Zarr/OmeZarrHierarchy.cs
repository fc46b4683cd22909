using System.Globalization;
using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>OME-Zarr as a folder or a zip file: an image, a plate of wells with fields, or numbered series.</summary>
internal sealed class OmeZarrHierarchy : IImageContainer
{
    private readonly IZarrStore _store;
    private readonly OmeZarrImage[] _images;

    private OmeZarrHierarchy(IZarrStore store)
    {
        _store = store;
        _images = [.. Paths(store).Select(path => new OmeZarrImage(store, path, path))];
        Images = _images.Length > 0
            ? [.. _images.Select(static image => image.Contained)]
            : throw new BadImageFileException("it holds no image: OME-Zarr names them in its attributes");
    }

    /// <summary>Opens one; its files are closed where that fails.</summary>
    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public static OmeZarrHierarchy Of(IZarrStore store)
    {
        try
        {
            return new OmeZarrHierarchy(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Files of which each folder of Zarr has one.</summary>
    public static IReadOnlyList<string> Marks { get; } =
        [ZarrVersion2.GroupFile, ZarrVersion2.AttributesFile, ZarrVersion2.ArrayFile, ZarrVersion3.File];

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <summary>Whether a folder is one of Zarr.</summary>
    public static bool Is(string path) =>
        Directory.Exists(path) && Marks.Any(name => File.Exists(Path.Combine(path, name)));

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel) => _images[image].Page(page, cancel);

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    /// <summary>The paths of images; the empty path for the root.</summary>
    private static IEnumerable<string> Paths(IZarrStore store)
    {
        if (OmeZarrImage.IsAt(store, string.Empty))
        {
            return [string.Empty];
        }

        string[] wells = [.. Named(store, string.Empty, "plate", "wells")];
        if (wells.Length > 0)
        {
            return wells.SelectMany(well =>
                Named(store, well, "well", "images").Select(field => ZarrPath.Join(well, field)));
        }

        // As converters from other formats write them.
        return Enumerable.Range(0, int.MaxValue).Select(static i => i.ToString(CultureInfo.InvariantCulture))
            .TakeWhile(series => OmeZarrImage.IsAt(store, series));
    }

    /// <summary>The paths that a list in a folder's attributes has.</summary>
    private static List<string> Named(IZarrStore store, string path, string kind, string list) =>
    [
        .. ZarrJson.Attributes(store, path).Get(kind).Get(list).Items()
            .Select(static one => one.Get("path").Text()).OfType<string>()
            .Where(ZarrPath.IsBelow),
    ];
}
