using Klar.Web.Files;
using Klar.Web.Jobs;

namespace Klar.Web;

/// <summary>What went wrong, a line.</summary>
internal sealed record ErrorView(string Error);

/// <summary>A file as the page sees it.</summary>
internal sealed record FileView(
    string Id, string Name, FileOrigin Origin, long Size, DateTimeOffset Added, ImageView? Image, string? Failure)
{
    /// <summary>Which of the images in it is meant, from 0; null where it holds one.</summary>
    public int? Scene { get; init; }
}

/// <summary>One of the images of a file.</summary>
internal sealed record SceneView(int Scene, string Name);

/// <summary>What <c>klar info --json</c> says of a file; <paramref name="Axes"/> ends with YX, and <paramref name="Sizes"/> go with it.</summary>
internal sealed record ImageView(
    int Width, int Height, int Channels, int Pages, string SampleType, bool Alpha, string Format, double? PixelSizeMicrometres, string Axes, IReadOnlyList<int> Sizes, string AxesFrom)
{
    /// <summary>The names of the channels that are pages, where the file gives them.</summary>
    public IReadOnlyList<string>? ChannelNames { get; init; }

    /// <summary>The images of the file, where it holds several.</summary>
    public IReadOnlyList<SceneView>? Scenes { get; init; }

    /// <summary>What the reader has to know of the file, a line.</summary>
    public string? Warning { get; init; }

    /// <summary>Bytes of a sample as it is shown: 8 and 16 bits unsigned stay, all else is float.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int BytesShown => SampleType switch { "uint8" => 1, "uint16" => 2, _ => 4 };
}

/// <summary>A folder below a root; the empty path lists the roots.</summary>
internal sealed record FolderView(string Path, IReadOnlyList<FolderEntry> Entries);

/// <summary>A folder or an image file in a folder.</summary>
internal sealed record FolderEntry(string Name, string Path, bool IsFolder, long Size);

/// <summary>A method with its options.</summary>
internal sealed record MethodView(
    string Name, string Summary, string Paper, string Assumes, bool ModelsNoise, bool TakesEffort, bool Comparable,
    IReadOnlyList<Klar.Catalogue.MethodOption> Options)
{
    /// <summary>How a model is called in the list; null for the methods of Klar, which have names.</summary>
    public string? Label { get; init; }
}

/// <summary>The server.</summary>
internal sealed record ServerView(string Version, int Threads, bool HasRoots, long MaxUpload);

/// <summary>A job with the time it may still take.</summary>
internal sealed record JobView(Job Job, double? SecondsLeft);

/// <summary>What the stream of events says: a job or a file as it is now, or the number of one that is gone.</summary>
internal sealed record NewsView(
    JobView? Job = null, long? Removed = null, FileView? File = null, string? RemovedFile = null);

/// <summary>The wish to open a file below a root.</summary>
internal sealed record OpenRequest(string Path);

/// <summary>The wish to have something done.</summary>
internal sealed record JobRequest(JobKind Kind, string File, JobSettings Settings);

/// <summary>The wish to see a part of a page denoised.</summary>
internal sealed record PreviewRequest(string File, int Page, int X, int Y, int Width, int Height, JobSettings Settings);
