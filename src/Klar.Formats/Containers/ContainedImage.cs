namespace Klar.Formats.Containers;

/// <summary>One of the images of a file, as its headers describe it.</summary>
/// <param name="Info">Size and sample type, the same for all pages.</param>
/// <param name="Axes">What the pages are: T, Z and C, or I where the file does not say.</param>
internal sealed record ContainedImage(ImageFileInfo Info, StackAxes Axes)
{
    /// <summary>The name that the file gives it; empty for none.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The distance of pixels, rows and slices in micrometres; null where it is not stated.</summary>
    public PixelSize PixelSize { get; init; }

    /// <summary>The time from one frame to the next in seconds; null where it is not stated.</summary>
    public double? FrameSeconds { get; init; }

    /// <summary>When it was taken, as XML writes dates; null where it is not stated.</summary>
    public string? Acquired { get; init; }

    /// <summary>What the file says about the channels that are pages, in order; may be fewer than there are.</summary>
    public IReadOnlyList<ImageChannel> Channels { get; init; } = [];

    /// <summary>OME-XML for a file of all of its pages; null where that is to be made from the rest.</summary>
    public string? Description { get; init; }

    /// <summary>When each page was taken, in seconds from the beginning; empty where it is not stated.</summary>
    public IReadOnlyList<double> PageSeconds { get; init; } = [];

    /// <summary>The objective; null where nothing is said of it.</summary>
    public Objective? Objective { get; init; }

    /// <summary>What the file says in its own words; null where it says no more.</summary>
    public OriginalMetadata? Original { get; init; }

    /// <summary>The version of OME-Zarr that it is; null for other formats.</summary>
    public OmeZarrVersion? ZarrVersion { get; init; }

    /// <summary>What does not come back as it was, or is not as the file says, in a line; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>The same with some of the pages, and with samples of another type; null for its own.</summary>
    public ContainedImage With(KeptPages kept, SampleType? type)
    {
        char[] order = [.. kept.Axes.Order];
        var axes = StackAxes.Of(
            kept.Axes.Order, order.Select(axis => kept.Places(axis).Count), kept.Axes.Source);
        return this with
        {
            Info = Info with { Pages = kept.Pages.Count, SampleType = type ?? Info.SampleType },
            Axes = axes,
            PageSeconds = PageSeconds.Count == Axes.Pages ? [.. kept.Pages.Select(page => PageSeconds[page])] : [],
            Channels = Channels.Count == 0
                ? []
                : [.. kept.Places('C').Select(place => Channels.ElementAtOrDefault(place) ?? new ImageChannel())],
        };
    }
}
