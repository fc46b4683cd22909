using System.Globalization;
using BitMiracle.LibTiff.Classic;
using Klar.Formats.Containers;
using VipsImage = NetVips.Image;

namespace Klar.Formats;

/// <summary>An image file that is read page by page. A file of one page is a stack of one.</summary>
public sealed partial class ImageStack : IDisposable
{
    private const int MaxListed = 12;

    private static readonly Image Nothing = new(Plane.From(1, 1, [0]));

    private readonly TiffPages? _tiff;
    private readonly OmeXml? _ome;
    private readonly ImageJDescription? _imageJ;
    private readonly IImageContainer? _container;
    private readonly int _scene;
    private readonly Dictionary<int, DecodedPage> _decoded = [];
    private long _roomForDecoded;

    private ImageStack(string path, IImageContainer container, int scene, CancellationToken cancel)
    {
        ContainedImage image = container.Images[scene];
        (Path, _container, _scene, Cancel) = (path, container, scene, cancel);
        (Info, Axes, Warning) = (image.Info, image.Axes, image.Warning);
        DescriptionOfFirst = image.Description ?? OmeDescription.Of(image);
        _ome = OmeXml.Of(DescriptionOfFirst, path);
        ChannelNames = [.. image.Channels.Select(static channel => channel.Name).OfType<string>()];
    }

    private ImageStack(string path, TiffPages? tiff, ImageFileInfo info, CancellationToken cancel)
    {
        (Path, _tiff, Cancel) = (path, tiff, cancel);
        DescriptionOfFirst = tiff?.First.Description ?? string.Empty;
        (_ome, _imageJ) = (OmeXml.Of(DescriptionOfFirst, path), ImageJDescription.Of(DescriptionOfFirst));
        Info = info with { PixelSizeMicrometres = _ome?.PixelSize ?? tiff?.First.PixelSize(_imageJ?.Unit) };
        Axes = FileAxes();
        Warning = string.Join("; ", Losses().Prepend(Warning).OfType<string>()) is { Length: > 0 } warnings
            ? warnings
            : null;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of the image in its file as it was asked for; null where none was.</summary>
    public int? Scene { get; private init; }

    /// <summary>What the first page's header says.</summary>
    public ImageFileInfo Info { get; }

    /// <summary>What the pages are.</summary>
    public StackAxes Axes { get; }

    /// <summary>The names of the channels that are pages, as a microscope's own format gives them.</summary>
    public IReadOnlyList<string> ChannelNames { get; } = [];

    /// <summary>Pages.</summary>
    public int Pages => Info.Pages;

    /// <summary>Where the file's description and its pages do not agree, in a line; null where they do.</summary>
    public string? Warning { get; private set; }

    /// <summary>Opens a file and reads its headers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scene">Which of its images, from 0; null for the only one.</param>
    /// <param name="cancel">Ends the reading of its pages, then and later.</param>
    /// <exception cref="BadImageFileException">There is no such image; the message says why in one line.</exception>
    public static ImageStack Open(string path, int? scene = null, CancellationToken cancel = default)
    {
        Vips.Ensure();
        RefuseNoFile(path);
        if (ImageContainers.Open(path) is { } container)
        {
            return Open(path, container, scene, cancel);
        }

        if (scene is { } number and not 0)
        {
            throw NoScene(number, 1);
        }

        TiffPages? tiff = TiffPages.Open(path);
        try
        {
            if ((tiff is not null ? tiff.First.Stored : TiffHeader.StoredSamplesOf(path))?.Refusal is { } refusal)
            {
                throw new BadImageFileException(refusal);
            }

            if (tiff?.InfoOf(0) is { } plain)
            {
                if (plain.Width <= 0 || plain.Height <= 0)
                {
                    throw new BadImageFileException(
                        $"damaged TIFF: no page is {(uint)plain.Width} x {(uint)plain.Height}");
                }

                return new ImageStack(path, tiff, plain, cancel) { Scene = scene };
            }

            using VipsImage opened = VipsPage.Open(path, 0);
            ImageFileInfo info = VipsPage.InfoOf(opened) with { Pages = tiff?.Count ?? VipsPage.PagesOf(opened) };
            return new ImageStack(path, tiff, info, cancel) { Scene = scene };
        }
        catch
        {
            tiff?.Dispose();
            throw;
        }
    }

    /// <summary>The images of a file; one where it is of a format that holds no more.</summary>
    /// <exception cref="BadImageFileException">There is no such file, or it is damaged.</exception>
    public static IReadOnlyList<SceneInfo> Scenes(string path)
    {
        Vips.Ensure();
        RefuseNoFile(path);
        using IImageContainer? container = ImageContainers.Open(path);
        if (container is not null)
        {
            return [.. container.Images.Select(static (one, i) => new SceneInfo(i, one.Name, one.Info, one.Axes))];
        }

        using ImageStack only = Open(path);
        return [new SceneInfo(0, string.Empty, only.Info, only.Axes)];
    }

    /// <summary>The number of the image of that name in a file, as of a dataset in an HDF5 file.</summary>
    /// <exception cref="BadImageFileException">There is no such image, or the file is damaged.</exception>
    public static int SceneOf(string path, string name)
    {
        IReadOnlyList<SceneInfo> scenes = Scenes(path);
        string wanted = name.Trim('/');
        SceneInfo? found = scenes.FirstOrDefault(scene => scene.Name.Trim('/') == wanted);
        return found?.Number ?? throw new BadImageFileException(
            $"there is no dataset {name}: it holds "
                + $"{string.Join(", ", scenes.Take(MaxListed).Select(static scene => scene.Name))}"
            + (scenes.Count > MaxListed ? ", ..." : string.Empty));
    }

    /// <summary>Reads a page.</summary>
    /// <param name="page">Its number, from 0.</param>
    /// <param name="scale">
    /// The scale of the samples: that of the stack, or of a reference it is judged by; null takes the page's own.
    /// </param>
    /// <exception cref="BadImageFileException">The page is damaged.</exception>
    public LoadedImage Read(int page, SampleScale? scale = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)page, (uint)Pages);
        DecodedPage decoded = Decoded(page);
        (RawSamples raw, ImageFileInfo info) = (decoded.Raw, decoded.Info);
        SampleScale own = scale ?? ScaleOf(info, raw.Range(info.Channels));
        Cancel.ThrowIfCancellationRequested();
        var planes = raw.ToPlanes(info.Width, info.Height, info.Channels, own, Cancel);
        return Loaded(page, decoded, new Image(planes, own));
    }

    /// <summary>
    /// Keeps the samples of the first pages that are decoded, up to so many bytes, for whoever reads them again.
    /// </summary>
    internal void KeepDecoded(long bytes) => _roomForDecoded = bytes;

    /// <summary>How often a page was decoded.</summary>
    internal int Decodes { get; private set; }

    /// <summary>
    /// A page without its samples: what they are written with. Nothing is decoded where headers say it.
    /// </summary>
    internal LoadedImage Described(int page)
    {
        ImageFileInfo? header = _container is not null ? Info : _tiff?.InfoOf(page);
        if (header is null)
        {
            return Loaded(page, Decoded(page), Nothing);
        }

        var none = new RawSamples([], header.SampleType, header.Channels + (header.HasAlpha ? 1 : 0));
        var metadata = new Lazy<Metadata?>(() => _container is null ? VipsPage.MetadataOf(Path) : null);
        return Loaded(page, new DecodedPage(none, header, metadata, AsStored: true), Nothing);
    }

    /// <summary>The scale of all these pages together, for which they are all read.</summary>
    /// <exception cref="BadImageFileException">A page is damaged.</exception>
    public SampleScale Scale(IEnumerable<int> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        (double least, double most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (int page in Info.SampleType == SampleType.UInt8 ? [] : pages)
        {
            DecodedPage decoded = Decoded(page);
            (double low, double high) = decoded.Raw.Range(decoded.Info.Channels);
            (least, most) = low <= high ? (Math.Min(least, low), Math.Max(most, high)) : (least, most);
        }

        return ScaleOf(Info, (least, most));
    }

    /// <summary>
    /// The description of a file of all pages that is made from this one; null where it stays as it is.
    /// </summary>
    /// <param name="output">The new file.</param>
    /// <param name="note">What was done, a line.</param>
    /// <param name="type">Its sample type, where that is another.</param>
    public string? DescriptionFor(string output, string note, SampleType? type = null) =>
        DescriptionFor(System.IO.Path.GetFileName(output), note, [.. Enumerable.Range(0, Pages)], Axes, type);

    /// <summary>
    /// The description of a file with these of the pages, made from this one; null where there is none to change.
    /// </summary>
    internal string? DescriptionFor(
        string outputName, string note, IReadOnlyList<int> kept, StackAxes axes, SampleType? type = null)
    {
        bool all = kept.Count == Pages;
        if (_ome is not null)
        {
            return _ome.For(outputName, note, all ? null : kept, Pages, type);
        }

        if (_imageJ is null || all)
        {
            return null;
        }

        int Along(char axis) => axes.IsUnknown ? 1 : kept.Select(page => axes.PlaceOf(page, axis)).Distinct().Count();
        (int frames, int slices, int channels) = (Along('T'), Along('Z'), Along('C'));
        if (frames * slices * channels != kept.Count)
        {
            return _imageJ.With(kept.Count, 1, 1, range: null);
        }

        // Of one channel ImageJ takes the display range from here.
        (double, double)? range = channels == 1 && axes.SizeOf('C') > 1
            ? ImageJ?.Of(new KeptPages(axes, kept)).Range
            : null;
        return _imageJ.With(frames, slices, channels, range);
    }

    /// <summary>What the image is, whatever the format says it in.</summary>
    internal ContainedImage Contained => _container?.Images[_scene] ?? new ContainedImage(Info, Axes)
    {
        Name = _ome?.Pixels is { } named ? OmeImage.Name(named) : string.Empty,
        PixelSize = PixelSize,
        FrameSeconds = _ome?.Pixels is { } timed ? OmeImage.FrameSeconds(timed) : _imageJ?.FrameSeconds,
        Channels = _ome?.Pixels is { } coloured ? OmeImage.Channels(coloured) : [],
    };

    private PixelSize PixelSize => _ome?.Pixels is { } pixels
        ? OmeImage.PixelSize(pixels)
        : new PixelSize(Info.PixelSizeMicrometres, Info.PixelSizeMicrometres, _imageJ?.SliceMicrometres);

    /// <summary>The first page's description; empty where it has none.</summary>
    internal string DescriptionOfFirst { get; }

    /// <summary>What ImageJ knows of the pages.</summary>
    internal ImageJMetadata? ImageJ => _tiff?.First.ImageJ(_tiff.BigEndian);

    /// <summary>Whether ImageJ will read a stack like this one as pages that lie behind each other.</summary>
    internal bool IsReadBehindEachOther =>
        _imageJ is not null && _tiff is { First: { Compression: Compression.NONE, Planar: false, Tile: null } };

    /// <summary>Ends the reading of its pages, and the writing of what is made of them.</summary>
    internal CancellationToken Cancel { get; }

    /// <summary>Whether a sample is black or white.</summary>
    internal bool HasOneBit => _tiff is { First.Stored.Bits: 1 };

    /// <summary>Whether the file has smaller copies of its pages.</summary>
    internal bool HasPyramid => _tiff?.PyramidOf(0) is not null;

    /// <summary>Whether only the first page has a directory.</summary>
    internal bool HasOneDirectory => _tiff is { IsContiguous: true };

    /// <summary>Whether the file's numbers begin with their high byte, and whether its offsets have 64 bits.</summary>
    internal (bool BigEndian, bool Big) Layout => (_tiff?.BigEndian ?? false, _tiff?.BigTiff ?? false);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tiff?.Dispose();
        _container?.Dispose();
        _copy?.Dispose();
    }

    private static ImageStack Open(string path, IImageContainer container, int? scene, CancellationToken cancel)
    {
        try
        {
            int count = container.Images.Count;
            return scene switch
            {
                { } number when (uint)number >= (uint)count => throw NoScene(number, count),
                null when count > 1 => throw new BadImageFileException(
                    $"it holds {count} images, of which --scene N takes one: {ListOf(container.Images)}"),
                _ => new ImageStack(path, container, scene ?? 0, cancel) { Scene = scene },
            };
        }
        catch
        {
            container.Dispose();
            throw;
        }
    }

    private static BadImageFileException NoScene(int number, int count) =>
        new($"there is no scene {number}: it holds {(count == 1 ? "one image" : $"{count} images, counted from 0")}");

    /// <summary>Images with their names and sizes, in one line that does not get too long.</summary>
    private static string ListOf(IReadOnlyList<ContainedImage> images)
    {
        IEnumerable<string> all = images.Take(MaxListed).Select(static (image, i) =>
        {
            string name = image.Name.Length > 0 ? $" '{image.Name.ReplaceLineEndings(" ")}'" : string.Empty;
            string pages = image.Axes.Order.Length > 0 ? $"{image.Axes} " : string.Empty;
            return $"{i}{name} ({pages}Y={image.Info.Height} X={image.Info.Width})";
        });
        return string.Join(", ", all) + (images.Count > MaxListed ? ", ... ('klar info' lists all)" : string.Empty);
    }

    private static void RefuseNoFile(string path)
    {
        if (Directory.Exists(path))
        {
            if (!ImageContainers.IsImageFolder(path))
            {
                throw new BadImageFileException("it is a folder, not an image");
            }

            return;
        }

        if (!File.Exists(path))
        {
            throw new BadImageFileException("no such file");
        }

        if (FileKind.IsStream(path))
        {
            throw new BadImageFileException(
                "it is a pipe or a device, not a file ('klar denoise -' reads standard input)");
        }

        if (FileName.LengthOf(path) == 0)
        {
            throw new BadImageFileException("the file is empty");
        }

        using (File.OpenRead(path))
        {
            // A file that may not be read says so here, in the system's words.
        }
    }

    /// <summary>A page is held in one piece, as bytes and as samples, and a piece of memory ends at 2 GB.</summary>
    private static void RefuseTooLarge(ImageFileInfo info)
    {
        long pixels = (long)info.Width * info.Height;
        Int128 bytes = (Int128)pixels * (info.Channels + (info.HasAlpha ? 1 : 0)) * ImageFile.SizeOf(info.SampleType);
        if (Int128.Max(pixels, bytes) > Array.MaxLength)
        {
            throw new BadImageFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"a page of {info.Width} x {info.Height} has {(double)bytes / (1L << 30):F1} GB, "
                + $"and Klar reads at most 2 GB"));
        }
    }

    private static SampleScale ScaleOf(ImageFileInfo info, (double Least, double Most) range) =>
        RawSamples.ScaleOf(info.SampleType, range.Least, range.Most);

    private LoadedImage Loaded(int page, DecodedPage decoded, Image image)
    {
        TiffTags? tags = _container is null ? _tiff?.TagsOf(page) : TiffTags.Of(Info);
        return new LoadedImage(image, decoded.Info, decoded.Raw, tags, decoded.Metadata)
        {
            BigEndian = Layout.BigEndian,
            Pyramid = _tiff?.PyramidOf(page),
            Photometric = decoded.AsStored ? tags!.Photometric : null,
        };
    }

    /// <summary>A page as it was kept, or decoded and kept as long as there is room.</summary>
    private DecodedPage Decoded(int page)
    {
        if (_decoded.TryGetValue(page, out DecodedPage? known))
        {
            return known;
        }

        DecodedPage decoded = Samples(page);
        Decodes++;
        if (decoded.Raw.Bytes.LongLength <= _roomForDecoded)
        {
            _roomForDecoded -= decoded.Raw.Bytes.LongLength;
            _decoded[page] = decoded;
        }

        return decoded;
    }

    private DecodedPage Samples(int page)
    {
        Cancel.ThrowIfCancellationRequested();
        RefuseTooLarge(Info);
        if (_container is not null)
        {
            string format = Info.Format switch
            {
                "zarr" => "Zarr",
                "ims" => "HDF5",
                var name => name.ToUpperInvariant(),
            };
            RawSamples read = ImageContainers.Guarded(format, () => _container.Read(_scene, page, Cancel));
            return new DecodedPage(read, Info, new Lazy<Metadata?>(static () => null), true);
        }

        if (_tiff?.TagsOf(page).Stored.Refusal is { } refusal)
        {
            throw new BadImageFileException($"page {page + 1}: {refusal}");
        }

        if (_tiff?.InfoOf(page) is { } info && _tiff.Read(page, Cancel) is { } plain)
        {
            return new DecodedPage(plain, info, new Lazy<Metadata?>(() => VipsPage.MetadataOf(Path)), true);
        }

        (RawSamples raw, ImageFileInfo decoded, Lazy<Metadata?> metadata) =
            VipsPage.Read(Path, _tiff?.DirectoryOf(page) ?? page, Cancel);

        // libvips turns inverted polarity round, and is turned round again: stored values go back as they were.
        return _tiff?.TagsOf(page) is { Photometric: Photometric.MINISWHITE }
            && decoded is { Channels: 1, HasAlpha: false, SampleType: SampleType.UInt8 or SampleType.UInt16 }
            ? new DecodedPage(raw.Inverted(), decoded, metadata, true)
            : new DecodedPage(raw, decoded, metadata, false);
    }

    /// <summary>A page's samples, and whether they are those that the file stores.</summary>
    private sealed record DecodedPage(RawSamples Raw, ImageFileInfo Info, Lazy<Metadata?> Metadata, bool AsStored);

    /// <summary>What of the file does not come back as it was, each in a line.</summary>
    private IEnumerable<string?> Losses()
    {
        if (_tiff is null)
        {
            yield return TiffHeader.Is(Path)
                ? "LibTiff does not read this kind of TIFF: "
                    + "its samples are kept, its tags and what its pages are get lost"
                : null;
            yield break;
        }

        yield return _tiff.HasOtherPictures
            ? "it has other pictures beside the slide (thumbnail, label): they are left out"
            : null;
        yield return _tiff.First is { Photometric: Photometric.PALETTE, LookUpTable: null }
            ? "its palette is not kept: its colours are written as red, green and blue"
            : _tiff.First.Stored.Change;
    }

    private StackAxes FileAxes()
    {
        string format = Info.Format;
        if (_ome is not null)
        {
            if (_ome.Axes(Pages) is { } axes)
            {
                Warning = _ome.OtherFiles is > 0 and var others
                    ? $"it is one file of a set: the planes of {others} other {(others == 1 ? "file" : "files")} are "
                        + $"not opened with it"
                    : null;
                return axes;
            }

            Warning = Pages > 1 ? $"the OME-XML does not say what all of the {Pages} pages are" : null;
            return StackAxes.Plain(Pages, format);
        }

        if (_imageJ is null)
        {
            return StackAxes.Plain(Pages, format);
        }

        (int frames, int slices, int channels) = _imageJ.Sizes;
        if ((long)frames * slices * channels == Pages)
        {
            return StackAxes.Of("TZC", [frames, slices, channels], "ImageJ");
        }

        Warning = string.Create(
            CultureInfo.InvariantCulture,
            $"ImageJ's description tells of {_imageJ.Images} pages ({channels} channels, {slices} slices, "
                + $"{frames} frames), and the file has "
                + $"{Pages}: {(_imageJ.Images > Pages ? "it is truncated, or " : string.Empty)}the description is "
                + $"wrong");
        return StackAxes.Plain(Pages, format);
    }
}
