namespace Klar.Formats.Containers;

/// <summary>
/// What <see cref="ImageStack"/> needs from the reader of a microscope's file format: which images the file holds, and
/// the samples of their pages, one page at a time.
/// </summary>
internal interface IImageContainer : IDisposable
{
    /// <summary>The images in the order of their numbers; at least one.</summary>
    IReadOnlyList<ContainedImage> Images { get; }

    /// <summary>Reads a page: samples in the machine's byte order, colours interleaved as red, green, blue.</summary>
    /// <param name="image">The image's number, from 0.</param>
    /// <param name="page">The page's number in the order of the image's axes, from 0.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="BadImageFileException">The page is damaged.</exception>
    RawSamples Read(int image, int page, CancellationToken cancel);
}
