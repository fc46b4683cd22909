namespace Klar.Formats;

/// <summary>How a file stores its samples; what is not set is as in the file that it is made from.</summary>
public sealed record WriteOptions
{
    /// <summary>Everything as in the source.</summary>
    public static WriteOptions AsSource { get; } = new();

    /// <summary>How samples are compressed, in TIFF and OME-Zarr; null for as in the source.</summary>
    public SampleCompression? Compression { get; init; }

    /// <summary>Whether smaller copies are written with every page, for viewers of large images. TIFF pages become
    /// tiles.</summary>
    public bool Pyramid { get; init; }

    /// <summary>The version of OME-Zarr; null for the source's own, or 0.4.</summary>
    public OmeZarrVersion? OmeZarr { get; init; }
}
