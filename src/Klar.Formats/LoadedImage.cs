using Classic = BitMiracle.LibTiff.Classic.Photometric;

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

    /// <summary>
    /// Resolution, description, colour profile and the like, as libvips reads them; null where it does not read the
    /// file.
    /// </summary>
    internal Metadata? Metadata => _metadata.Value;

    /// <summary>The same of a TIFF page as it stood there; null for other formats.</summary>
    internal TiffTags? Tags { get; }

    /// <summary>
    /// What the channels of a TIFF page are, where its samples are those that it stores; null where libvips made others
    /// of them.
    /// </summary>
    internal Classic? Photometric { get; init; }

    /// <summary>The smaller copies that its file has of it; null for none.</summary>
    internal TiffPyramid? Pyramid { get; init; }

    /// <summary>Whether the file's numbers begin with their high byte.</summary>
    internal bool BigEndian { get; init; }

    /// <summary>The samples as they stood in the file.</summary>
    internal RawSamples Raw { get; }

    /// <summary>Whether its samples are to be written in another type than the file has.</summary>
    internal bool HasOtherType { get; private init; }

    /// <summary>The same values, to be written in another type; null for the file's own.</summary>
    /// <exception cref="BadImageFileException">The channels make sense in the file's type only.</exception>
    internal LoadedImage As(SampleType? type)
    {
        if (type is not { } wanted || wanted == Info.SampleType)
        {
            return this;
        }

        if (Photometric is Classic.CIELAB or Classic.ICCLAB or Classic.ITULAB or Classic.YCBCR or Classic.SEPARATED)
        {
            throw new BadImageFileException(
                $"its channels are {Photometric}, which are written in the file's own type only (--output-type same)");
        }

        return new LoadedImage(
            Image, Info with { SampleType = wanted }, Raw.As(wanted), Tags?.ForOtherSamples(), _metadata)
        {
            BigEndian = BigEndian,
            Pyramid = Pyramid,
            Photometric = Photometric is Classic.PALETTE ? Classic.MINISBLACK : Photometric,
            HasOtherType = true,
        };
    }
}
