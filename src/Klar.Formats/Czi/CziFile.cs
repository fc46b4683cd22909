using Klar.Formats.Containers;

namespace Klar.Formats.Czi;

/// <summary>
/// A CZI file. A scene is an image, and so is each view, phase, illumination, rotation or block of it; frames, slices
/// and channels are its pages, and a page is put together from its tiles.
/// </summary>
internal sealed class CziFile : IImageContainer
{
    private readonly FileBytes _file;
    private readonly CziSegments _segments;
    private readonly Mosaic[] _mosaics;

    public CziFile(FileBytes file)
    {
        (_file, _segments) = (file, new CziSegments(file));
        SubBlock[] tiles = [.. _segments.SubBlocks().Where(static block => !block.IsReduced)];
        if (tiles.Length == 0)
        {
            throw new BadImageFileException("it holds no image");
        }

        var metadata = new CziMetadata(_segments.Metadata());
        _mosaics =
        [
            .. tiles.GroupBy(static block => (block.S, block.Other))
                .OrderBy(static image => image.Key.S).ThenBy(static image => image.Key.Other, StringComparer.Ordinal)
                .Select(image => new Mosaic([.. image], file.Length)),
        ];
        Images = [.. _mosaics.Select(mosaic => ImageOf(mosaic, metadata))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel) =>
        _mosaics[image].Page(page, _segments, cancel);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ContainedImage ImageOf(Mosaic mosaic, CziMetadata metadata)
    {
        (SampleType type, int channels, bool alpha) = mosaic.First.Kind;
        PixelSize size = metadata.PixelSize;
        var info = new ImageFileInfo(
            mosaic.Width, mosaic.Height, channels - (alpha ? 1 : 0), mosaic.Axes.Pages, type, alpha, "czi", size.X);
        string?[] warnings =
        [
            mosaic.Warning,
            metadata.IsDamaged ? "its XML is damaged: names and pixel sizes are lost" : null,
        ];
        return new ContainedImage(info, mosaic.Axes)
        {
            Name = $"{metadata.SceneName(mosaic.First.S)} {mosaic.First.Other}".Trim(),
            PixelSize = size,
            FrameSeconds = metadata.FrameSeconds,
            Acquired = metadata.Acquired,
            Objective = metadata.Objective,
            Original = metadata.Original,
            Channels = [.. mosaic.ChannelNumbers.Select(metadata.Channel)],
            Warning = string.Join("; ", warnings.OfType<string>()) is { Length: > 0 } all ? all : null,
        };
    }
}
