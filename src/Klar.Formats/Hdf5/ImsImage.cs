using System.Globalization;
using Klar.Formats.Containers;
using PureHDF;

namespace Klar.Formats.Hdf5;

/// <summary>The image of an Imaris file.</summary>
/// <remarks>
/// Imaris 5.5 file format. The samples of frame t and channel c are the dataset
/// <c>/DataSet/ResolutionLevel 0/TimePoint t/Channel c/Data</c> of z, y, x, filled up to whole chunks; its group's
/// attributes ImageSizeX, ImageSizeY and ImageSizeZ say how much of it is image. <c>/DataSetInfo</c> has the rest as
/// texts: extents of the image in its unit, channels' names and colours, the time of each frame.
/// </remarks>
internal sealed class ImsImage : IHdf5Image
{
    private const string Samples = "/DataSet/ResolutionLevel 0";
    private const string About = "/DataSetInfo";
    private const int MaxCount = 1 << 20;

    private readonly IH5Group _file;
    private readonly int _slices;
    private (string Path, Hdf5Pages Pages)? _last;

    private ImsImage(IH5Group file)
    {
        _file = file;
        int frames = Count(Samples, "TimePoint"), channels = Count($"{Samples}/TimePoint 0", "Channel");
        if (frames == 0 || channels == 0)
        {
            throw new BadImageFileException("IMS: damaged, its first frame or channel is missing");
        }

        IH5Group first = file.Group(PathOf(0, 0));
        ulong[] shape = PagesOf(0, 0).Shape;
        if (shape.Length != 3)
        {
            throw new BadImageFileException("IMS: damaged, its samples have other than three dimensions");
        }

        _slices = SizeOf(first, "ImageSizeZ", shape[0]);
        int height = SizeOf(first, "ImageSizeY", shape[1]), width = SizeOf(first, "ImageSizeX", shape[2]);
        var axes = StackAxes.Of("TCZ", [frames, channels, _slices], "Imaris");
        IH5Group? image = Group($"{About}/Image");
        PixelSize size = PixelSizeOf(image, width, height, _slices);
        var info = new ImageFileInfo(width, height, 1, axes.Pages, PagesOf(0, 0).Type, false, "ims", size.X);
        Contained = new ContainedImage(info, axes)
        {
            Name = image?.Text("Name") is { Length: > 0 } name ? name : string.Empty,
            PixelSize = size,
            FrameSeconds = frames > 1 ? SecondsBetween(frames) : null,
            Acquired = HeaderXml.Date(image?.Text("RecordingDate")),
            Channels = [.. Enumerable.Range(0, channels).Select(Channel)],
        };
    }

    /// <inheritdoc/>
    public ContainedImage Contained { get; }

    /// <summary>The image; null where the file is none of Imaris.</summary>
    public static ImsImage? Of(IH5Group file) => file.LinkExists(Samples) ? new ImsImage(file) : null;

    /// <inheritdoc/>
    public RawSamples Read(int page)
    {
        StackAxes axes = Contained.Axes;
        int t = axes.PlaceOf(page, 'T'), c = axes.PlaceOf(page, 'C'), z = axes.PlaceOf(page, 'Z');
        Hdf5Pages pages = PagesOf(t, c);
        (int width, int height) = (Contained.Info.Width, Contained.Info.Height);
        bool holds = pages.Shape is [var slices, var rows, var columns]
            && slices > (ulong)z && rows >= (ulong)height && columns >= (ulong)width;
        return holds && pages.Type == Contained.Info.SampleType
            ? pages.Read([(ulong)z], width, height)
            : throw new BadImageFileException($"IMS: damaged, frame {t} of channel {c} is not like the first");
    }

    private static string PathOf(int frame, int channel) =>
        string.Create(CultureInfo.InvariantCulture, $"{Samples}/TimePoint {frame}/Channel {channel}");

    private Hdf5Pages PagesOf(int frame, int channel)
    {
        string path = PathOf(frame, channel) + "/Data";
        if (_last is not { } known || known.Path != path)
        {
            _last = known = (path, new Hdf5Pages(_file.Dataset(path)));
        }

        return known.Pages;
    }

    /// <summary>Groups of a name with numbers from 0.</summary>
    private int Count(string path, string name)
    {
        int count = 0;
        while (count < MaxCount && _file.LinkExists(Numbered(path, name, count)))
        {
            count++;
        }

        return count;
    }

    private static string Numbered(string path, string name, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}/{name} {number}");

    private IH5Group? Group(string path) => _file.LinkExists(path) ? _file.Group(path) : null;

    private static int SizeOf(IH5Group channel, string name, ulong stored) =>
        channel.TextNumber(name) is >= 1 and var stated && stated <= stored ? (int)stated
            : stored is > 0 and <= int.MaxValue ? (int)stored
            : throw new BadImageFileException("IMS: damaged, its samples have no size");

    private static PixelSize PixelSizeOf(IH5Group? image, params ReadOnlySpan<int> sizes)
    {
        double? unit = image?.Text("Unit") is { } stated ? Micrometres.In(stated) : 1;
        var distances = new double?[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            string axis = i.ToString(CultureInfo.InvariantCulture);
            double? extent = image?.TextNumber("ExtMax" + axis) - image?.TextNumber("ExtMin" + axis);
            distances[i] = PixelSize.Usable(extent / sizes[i] * unit);
        }

        return new PixelSize(distances[0], distances[1], distances[2]);
    }

    private double? SecondsBetween(int frames)
    {
        if (Group($"{About}/TimeInfo") is not { } times)
        {
            return null;
        }

        DateTime? At(int frame) => DateTime.TryParse(
            times.Text(string.Create(CultureInfo.InvariantCulture, $"TimePoint{frame}")),
            CultureInfo.InvariantCulture, out DateTime time)
            ? time
            : null;
        return PixelSize.Usable((At(frames) - At(1))?.TotalSeconds / (frames - 1));
    }

    private ImageChannel Channel(int number)
    {
        IH5Group? about = Group(Numbered(About, "Channel", number));
        return new ImageChannel
        {
            Name = about?.Text("Name") is { Length: > 0 } name ? name : null,
            Colour = Colour(about?.Text("Color")),
            ExcitationNanometres = PixelSize.Usable(about?.TextNumber("LSMExcitationWavelength")),
            EmissionNanometres = PixelSize.Usable(about?.TextNumber("LSMEmissionWavelength")),
        };
    }

    /// <summary>Red, green and blue from 0 to 1.</summary>
    private static (byte Red, byte Green, byte Blue)? Colour(string? text)
    {
        double?[] parts = [.. text?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(HeaderXml.Number) ?? []];
        static byte Of(double part) => (byte)Math.Round(255 * Math.Clamp(part, 0, 1));
        return parts is [{ } red, { } green, { } blue] ? (Of(red), Of(green), Of(blue)) : null;
    }
}
