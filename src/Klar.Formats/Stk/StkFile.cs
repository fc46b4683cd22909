using System.Globalization;
using BitMiracle.LibTiff.Classic;
using Klar.Formats.Containers;

namespace Klar.Formats.Stk;

/// <summary>A stack of MetaMorph: a TIFF file with one directory, behind whose samples those of all other planes lie.
/// </summary>
internal sealed class StkFile : IImageContainer
{
    private readonly FileBytes _file;
    private readonly TiffPages _pages;
    private readonly long _firstAt;
    private readonly int _planeBytes;
    private readonly SampleType _type;

    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public StkFile(FileBytes file, string path, StkInfo info, long firstAt)
    {
        (_file, _firstAt) = (file, firstAt);
        _pages = TiffPages.Open(path) ?? throw new BadImageFileException("damaged: its directory cannot be read");
        try
        {
            ImageFileInfo first = _pages.InfoOf(0)
                ?? throw new BadImageFileException("its samples are stored in a way that Klar does not read");
            TiffTags tags = _pages.First;
            bool isPlain = tags is { Compression: Compression.NONE, Tile: null }
                && tags.Stored is { ArePacked: false, AreHalves: false };
            if (!isPlain || first.Channels != 1)
            {
                throw new BadImageFileException(
                    "its samples are compressed or in colour, which Klar does not read in STK");
            }

            _type = first.SampleType;
            _planeBytes = checked(first.Width * first.Height * ImageFile.SizeOf(_type));
            long there = (file.Length - firstAt) / Math.Max(1, _planeBytes);
            if (there < info.Planes)
            {
                throw new BadImageFileException($"truncated (plane {there + 1} of {info.Planes} is missing)");
            }

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
        byte[] bytes = _file.Read(_firstAt + ((long)page * _planeBytes), _planeBytes);
        ByteOrder.ToMachine(bytes, ImageFile.SizeOf(_type), _pages.BigEndian);
        return new RawSamples(bytes, _type, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages.Dispose();
        _file.Dispose();
    }

    private static ContainedImage Described(StkInfo info, ImageFileInfo first)
    {
        DateTime[] times = info.Times;
        double[] seconds = [.. times.Select(time => (time - times[0]).TotalSeconds)];
        bool known = seconds.Length > 1 && seconds[^1] > 0;
        return new ContainedImage(
            first with { Pages = info.Planes, Format = "stk", PixelSizeMicrometres = info.PixelSize.X },
            StackAxes.Of(info.HasDepth ? "Z" : "T", [info.Planes], "STK"))
        {
            Name = info.Title,
            PixelSize = info.PixelSize,
            FrameSeconds = known && !info.HasDepth ? seconds[^1] / (seconds.Length - 1) : null,
            PageSeconds = known ? seconds : [],
            Acquired = times.Length > 0
                ? times[0].ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
                : null,
            Channels = info.Wavelength is { } wavelength
                ? [new ImageChannel { EmissionNanometres = wavelength }]
                : [],
        };
    }
}
