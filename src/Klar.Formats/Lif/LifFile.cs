using Klar.Formats.Containers;

namespace Klar.Formats.Lif;

/// <summary>A LIF file: images that were taken in one session, each with its own dimensions.</summary>
internal sealed class LifFile : IImageContainer
{
    private readonly FileBytes _file;
    private readonly LifImage[] _images;

    public LifFile(FileBytes file)
    {
        _file = file;
        var blocks = new LifBlocks(file);
        (LifImage Image, ContainedImage Contained)[] images =
        [
            .. blocks.Root.Descendants("Image").Select(image => LifHeader.Of(image, blocks)).OfType<LifHeader>()
                .SelectMany(header => LifImage.Of(header, file.Length)),
        ];
        if (images.Length == 0)
        {
            throw new BadImageFileException("it holds no image");
        }

        _images = [.. images.Select(static one => one.Image)];
        Images = [.. images.Select(static one => one.Contained)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel)
    {
        (ImageFileInfo info, StackAxes axes) = (Images[image].Info, Images[image].Axes);
        (int t, int z, int c) = (axes.PlaceOf(page, 'T'), axes.PlaceOf(page, 'Z'), axes.PlaceOf(page, 'C'));
        byte[] samples = _images[image].Page(t, z, c, _file, cancel);
        ByteOrder.ToMachine(samples, ImageFile.SizeOf(info.SampleType), bigEndian: false);
        return new RawSamples(samples, info.SampleType, info.Channels);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
