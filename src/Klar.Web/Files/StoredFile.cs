namespace Klar.Web.Files;

/// <summary>A file that the page knows: an upload, a file under a root, or what a job made.</summary>
/// <param name="Id">Random; the only thing that a browser says of it.</param>
/// <param name="Name">As the user knows it.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Added">When.</param>
/// <param name="Image">What it holds; null where it is no image, or where it could not be opened.</param>
/// <param name="Failure">Why it could not be opened, a line.</param>
internal sealed record StoredFile(
    string Id, string Name, string Path, FileOrigin Origin, long Size, DateTimeOffset Added, ImageView? Image,
    string? Failure)
{
    /// <summary>Which of the images in it is meant, from 0; null where it holds one.</summary>
    public int? Scene { get; init; }

    /// <summary>The file whose other image it is; null for a file that stands for itself.</summary>
    public string? SceneOf { get; init; }

    /// <summary>What chooses that image on a command line.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> SceneArguments => Scene is { } scene
        ? ["--scene", scene.ToString(System.Globalization.CultureInfo.InvariantCulture)]
        : [];

    public FileView View => new(Id, Name, Origin, Size, Added, Image, Failure) { Scene = Scene };
}

/// <summary>Where a file comes from.</summary>
internal enum FileOrigin
{
    /// <summary>A browser sent it.</summary>
    Upload,

    /// <summary>It lies under a root.</summary>
    Root,

    /// <summary>A job made it.</summary>
    Job,
}
