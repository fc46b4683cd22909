using Klar.Imaging;

namespace Klar.Formats;

/// <summary>An image with what its file held beside the samples, so that it can be written as it came.</summary>
public sealed record LoadedImage
{
    internal LoadedImage(Image image, ImageFileInfo info, Metadata metadata, RawSamples raw) =>
        (Image, Info, Metadata, Raw) = (image, info, metadata, raw);

    /// <summary>The samples, in units of the nominal white.</summary>
    public Image Image { get; init; }

    /// <summary>What the file's header said.</summary>
    public ImageFileInfo Info { get; }

    /// <summary>Resolution, description, colour profile and the like.</summary>
    internal Metadata Metadata { get; }

    /// <summary>The samples as they stood in the file.</summary>
    internal RawSamples Raw { get; }
}
