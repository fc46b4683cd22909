using Klar.Formats.Containers;

namespace Klar.Formats.Lsm;

/// <summary>
/// An LSM file of Zeiss' confocals: a TIFF file whose directories are slices of frames, with the channels beside each
/// other in each; thumbnails stand between them.
/// </summary>
internal sealed class LsmFile : IImageContainer
{
    private readonly FileBytes _file;
    private readonly TiffPages _pages;
    private readonly int _channels;
    private (int Directory, RawSamples Samples)? _last;

    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public LsmFile(FileBytes file, string path, long infoAt)
    {
        _file = file;
        LsmInfo info = LsmInfo.Of(file, infoAt)
            ?? throw new BadImageFileException("damaged: it does not say what it is");
        _pages = TiffPages.Open(path, LsmBits.Of(path))
            ?? throw new BadImageFileException("damaged: its directories cannot be read");
        try
        {
            ImageFileInfo first = _pages.InfoOf(0)
                ?? throw new BadImageFileException("its samples are stored in a way that Klar does not read");
            _channels = first.Channels + (first.HasAlpha ? 1 : 0);
            Images = [Described(info, first)];
        }
        catch
        {
            _pages.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel)
    {
        (int directory, int channel) = Math.DivRem(page, _channels);
        if (_last is not { } known || known.Directory != directory)
        {
            RawSamples read = _pages.Read(directory, cancel)
                ?? throw new BadImageFileException($"page {directory + 1} is not like the first");
            ImageFileInfo first = Images[0].Info;
            long expected = (long)first.Width * first.Height * _channels * ImageFile.SizeOf(first.SampleType);
            if (read.Bytes.LongLength != expected)
            {
                throw new BadImageFileException($"page {directory + 1} is not like the first");
            }

            _last = known = (directory, read);
        }

        return known.Samples.Channel(channel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages.Dispose();
        _file.Dispose();
    }

    private ContainedImage Described(LsmInfo info, ImageFileInfo first)
    {
        (int slices, _, int frames) = info.Sizes;
        int directories = _pages.Count;
        bool isGrid = slices > 0 && frames > 0 && (long)slices * frames == directories;
        bool isSeries = !isGrid && frames == directories;

        // Of sections along z, whose rows are slices, each frame has one directory.
        var axes = isGrid ? StackAxes.Of("TZC", [frames, slices, _channels], "LSM")
            : isSeries ? StackAxes.Of("TC", [frames, _channels], "LSM")
            : StackAxes.Of("IC", [directories, _channels], "LSM");
        double[] stamps = info.TimeStamps;
        int inFrame = axes.Pages / Math.Max(1, frames);
        ImageFileInfo page = first with
        {
            Channels = 1,
            HasAlpha = false,
            Pages = axes.Pages,
            Format = "lsm",
            PixelSizeMicrometres = info.PixelSize.X,
        };
        return new ContainedImage(page, axes)
        {
            PixelSize = info.PixelSize,
            FrameSeconds = frames > 1 ? info.FrameSeconds : null,
            PageSeconds = (isGrid || isSeries) && stamps.Length >= frames
                ? [.. Enumerable.Range(0, axes.Pages).Select(page => stamps[page / inFrame])]
                : [],
            Channels = info.Channels(_channels),
            Warning = isGrid || isSeries
                ? null
                : $"it says {frames} frames of {slices} slices, and has {directories} pages: "
                    + "what they are is not known",
        };
    }
}
