using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.OmeSets;

/// <summary>
/// Images whose planes are in several OME-TIFF files, which name each other in their OME-XML or all the same companion.
/// </summary>
internal sealed class OmeSet : IImageContainer
{
    /// <summary>The ending of a companion's name.</summary>
    public const string Companion = ".companion.ome";

    private const int MaxOpen = 16;

    private readonly string _folder;
    private readonly OmeSetImage[] _images;
    private readonly Dictionary<string, TiffPages> _open = new(StringComparer.Ordinal);

    private OmeSet(string folder, OmeSetImage[] images)
    {
        (_folder, _images) = (folder, images);
        try
        {
            Images = [.. images.Select(Described)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <summary>
    /// The images that a file and others hold together; null where it is whole by itself, or others are missing.
    /// </summary>
    /// <param name="path">A TIFF file.</param>
    /// <param name="description">Its description.</param>
    public static OmeSet? Of(string path, string description)
    {
        (string folder, OmeSetImage[] images) = Shared(path, description);
        return images.Length == 0 ? null : new OmeSet(folder, images);
    }

    /// <summary>The first file of the set that a file belongs to; null where it is whole by itself.</summary>
    public static string? FirstFileOf(string path, string description)
    {
        (string folder, OmeSetImage[] images) = Shared(path, description);
        return images.Length == 0 ? null : Path.Combine(folder, images[0].Files[0]);
    }

    /// <summary>The images of a companion.</summary>
    /// <exception cref="BadImageFileException">A file is missing.</exception>
    public static OmeSet OfCompanion(string path)
    {
        string folder = FolderOf(path);
        XDocument document = OmeXml.Parsed(File.ReadAllText(path))
            ?? throw new BadImageFileException("damaged: its XML cannot be read");
        OmeSetImage[] images = [.. OmeSetImage.All(document, Path.GetFileName(path))];
        string? missing = images.SelectMany(static image => image.Files)
            .FirstOrDefault(file => !File.Exists(Path.Combine(folder, file)));
        return missing is not null ? throw new BadImageFileException($"its file {missing} is missing")
            : images.Length == 0 ? throw new BadImageFileException("it describes no image")
            : new OmeSet(folder, images);
    }

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel)
    {
        (string file, int directory) = _images[image].PlaceOf(page);
        TiffPages pages = PagesOf(file);
        ImageFileInfo info = Images[image].Info;
        RawSamples? read = directory < pages.Count ? pages.Read(directory, cancel) : null;
        RawSamples samples = read ?? VipsPage.Read(Path.Combine(_folder, file), directory, cancel).Raw;
        long expected = (long)info.Width * info.Height * (info.Channels + (info.HasAlpha ? 1 : 0))
            * ImageFile.SizeOf(info.SampleType);
        return samples.Bytes.LongLength == expected
            ? samples
            : throw new BadImageFileException($"the plane in {file} is not like the others");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TiffPages pages in _open.Values)
        {
            pages.Dispose();
        }

        _open.Clear();
    }

    /// <summary>The images that have planes in a file and in others, all of which are there.</summary>
    private static (string Folder, OmeSetImage[] Images) Shared(string path, string description)
    {
        string folder = FolderOf(path), own = Path.GetFileName(path);
        if (!description.Contains("<OME", StringComparison.Ordinal) || OmeXml.Of(description, path) is not { } xml)
        {
            return (folder, []);
        }

        bool isCompanion = own.EndsWith(Companion, StringComparison.OrdinalIgnoreCase);
        OmeSetImage[] images =
        [
            .. OmeSetImage.All(xml.Metadata, own)
                .Where(image => image.Files.Count > 1 && image.IsComplete)
                .Where(image => isCompanion || image.Files.Contains(own))
                .Where(image => image.Files.All(file => File.Exists(Path.Combine(folder, file)))),
        ];
        return (folder, images);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private ContainedImage Described(OmeSetImage image)
    {
        (string file, int directory) = image.PlaceOf(0);
        TiffPages pages = PagesOf(file);
        ImageFileInfo? info = directory < pages.Count ? pages.InfoOf(directory) : null;
        if (info is null)
        {
            using NetVips.Image opened = VipsPage.Open(Path.Combine(_folder, file), directory);
            info = VipsPage.InfoOf(opened);
        }

        return image.Contained(info);
    }

    private TiffPages PagesOf(string file)
    {
        if (_open.TryGetValue(file, out TiffPages? open))
        {
            return open;
        }

        if (_open.Count >= MaxOpen)
        {
            Dispose();
        }

        string path = Path.Combine(_folder, file);
        FileKind.RefuseStream(path);
        return _open[file] = TiffPages.Open(path)
            ?? throw new BadImageFileException($"its file {file} is no TIFF file");
    }
}
