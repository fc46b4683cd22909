using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>
/// Writes an image page by page as OME-Zarr: arrays of t, c, z, y, x, the full one and halved ones, in chunks of one
/// page each. Colours become channels.
/// </summary>
internal sealed class OmeZarrWriter
{
    private const int ChunkSide = 512;

    private readonly string _folder;
    private readonly ContainedImage _image;
    private readonly OmeZarrVersion _version;
    private readonly int _colours;
    private readonly ZarrLevel[] _levels;
    private readonly (double Least, double Most)[] _ranges;

    /// <param name="folder">An empty folder.</param>
    /// <param name="image">What the image is.</param>
    /// <param name="version">The version of OME-Zarr.</param>
    /// <param name="compression">How chunks are compressed.</param>
    public OmeZarrWriter(
        string folder, ContainedImage image, OmeZarrVersion version, SampleCompression compression)
    {
        (_folder, _image, _version) = (folder, image, version);
        ImageFileInfo info = image.Info;
        _colours = info.Channels + (info.HasAlpha ? 1 : 0);
        int frames = image.Axes.SizeOf('T') * image.Axes.SizeOf(StackAxes.Unknown);
        int channels = image.Axes.SizeOf('C') * _colours;
        _ranges = [.. Enumerable.Repeat((double.PositiveInfinity, double.NegativeInfinity), channels)];
        (int Width, int Height)[] sizes =
            [(info.Width, info.Height), .. TiffPyramid.Halvings(info.Width, info.Height, ChunkSide)];
        _levels =
        [
            .. sizes.Select((size, i) => new ZarrLevel(
                Path.Combine(folder, ZarrLevel.NameOf(i)), version, compression, info.SampleType,
                [frames, channels, image.Axes.SizeOf('Z'), size.Height, size.Width], ChunkSide)),
        ];
    }

    /// <summary>Writes a page with its smaller copies.</summary>
    /// <param name="page">Its number in the order of the image's axes.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="cancel">Ends it.</param>
    public void Write(int page, RawSamples samples, CancellationToken cancel)
    {
        StackAxes axes = _image.Axes;
        ImageFileInfo info = _image.Info;
        int t = axes.PlaceOf(page, axes.IsUnknown ? StackAxes.Unknown : 'T');
        int c = axes.PlaceOf(page, 'C') * _colours, z = axes.PlaceOf(page, 'Z');
        for (int colour = 0; colour < _colours; colour++)
        {
            RawSamples level = samples.Channel(colour);
            (double least, double most) = level.Range(1);
            (double lower, double higher) = _ranges[c + colour];
            _ranges[c + colour] = (Math.Min(lower, least), Math.Max(higher, most));
            (int Width, int Height) size = (info.Width, info.Height);
            foreach (ZarrLevel one in _levels)
            {
                if (one.Size != size)
                {
                    level = ReducedSamples.Of(level, size, one.Size, info.SampleType, averaged: true, cancel);
                    size = one.Size;
                }

                one.Write([t, c + colour, z], level.Bytes, cancel);
            }
        }
    }

    /// <summary>Writes what the image is.</summary>
    /// <param name="note">What was done, a line.</param>
    public void Finish(string note)
    {
        var metadata = new OmeZarrMetadata(_image, _colours, [.. _levels.Select(static level => level.Size)]);
        metadata.Write(_folder, _version, _ranges, note);
    }
}
