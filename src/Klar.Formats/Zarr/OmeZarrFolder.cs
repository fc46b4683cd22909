using System.Globalization;
using System.Text.Json;
using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>A folder of OME-Zarr: an image, a plate of wells with fields, or numbered series.</summary>
internal sealed class OmeZarrFolder : IImageContainer
{
    private static readonly string[] Marks = [".zgroup", ".zattrs", ".zarray", "zarr.json"];

    private readonly OmeZarrImage[] _images;

    public OmeZarrFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, "zarr.json")))
        {
            throw new BadImageFileException("it is of version 3 of Zarr (OME-Zarr 0.5), which Klar does not read yet");
        }

        _images = [.. Paths(folder).Select(path => new OmeZarrImage(Path.Combine(folder, path), path))];
        Images = _images.Length > 0
            ? [.. _images.Select(static image => image.Contained)]
            : throw new BadImageFileException("it holds no image: OME-Zarr names them in .zattrs");
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <summary>Whether a folder is one of Zarr.</summary>
    public static bool Is(string path) =>
        Directory.Exists(path) && Array.Exists(Marks, name => File.Exists(Path.Combine(path, name)));

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel) => _images[image].Page(page, cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Files are open only while they are read.
    }

    /// <summary>The folders of images below a folder; the empty path for itself.</summary>
    private static IEnumerable<string> Paths(string folder)
    {
        if (OmeZarrImage.IsAt(folder))
        {
            return [string.Empty];
        }

        string[] wells = [.. Named(folder, "plate", "wells")];
        if (wells.Length > 0)
        {
            return wells.SelectMany(well =>
                Named(Path.Combine(folder, well), "well", "images").Select(field => $"{well}/{field}"));
        }

        // As converters from other formats write them.
        return Enumerable.Range(0, int.MaxValue).Select(static i => i.ToString(CultureInfo.InvariantCulture))
            .TakeWhile(series => OmeZarrImage.IsAt(Path.Combine(folder, series)));
    }

    /// <summary>The paths that a list in a folder's attributes has.</summary>
    private static List<string> Named(string folder, string kind, string list)
    {
        string path = Path.Combine(folder, ".zattrs");
        if (!File.Exists(path))
        {
            return [];
        }

        using JsonDocument attributes = ZarrJson.Read(path);
        return [.. attributes.RootElement.Get(kind)?.Get(list).Items()
            .Select(static one => one.Get("path").Text()).OfType<string>()
            .Where(static one => !Path.IsPathRooted(one) && !one.Split('/').Contains("..")) ?? []];
    }
}
