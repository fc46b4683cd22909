using BitMiracle.LibTiff.Classic;
using Klar.Imaging;

namespace Klar.Formats;

/// <summary>An image with what its file held beside the samples, so that it can be written as it came.</summary>
public sealed record LoadedImage
{
    private readonly Lazy<Metadata?> _metadata;

    internal LoadedImage(Image image, ImageFileInfo info, RawSamples raw, TiffTags? tags, Lazy<Metadata?> metadata) =>
        (Image, Info, Raw, Tags, _metadata) = (image, info, raw, tags, metadata);

    /// <summary>The samples, in units of the nominal white.</summary>
    public Image Image { get; init; }

    /// <summary>What the file's header said.</summary>
    public ImageFileInfo Info { get; }

    /// <summary>Resolution, description, colour profile and the like, as libvips reads them; null where it does not read the file.</summary>
    internal Metadata? Metadata => _metadata.Value;

    /// <summary>The same of a TIFF page as it stood there; null for other formats.</summary>
    internal TiffTags? Tags { get; }

    /// <summary>What the channels of a TIFF page are, where its samples are those that it stores; null where libvips made others of them.</summary>
    internal Photometric? Photometric { get; init; }

    /// <summary>Whether the file's numbers begin with their high byte.</summary>
    internal bool BigEndian { get; init; }

    /// <summary>The samples as they stood in the file.</summary>
    internal RawSamples Raw { get; }
}
