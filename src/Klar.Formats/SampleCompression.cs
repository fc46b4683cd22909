namespace Klar.Formats;

/// <summary>How samples are compressed without loss.</summary>
public enum SampleCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Deflate, which every program reads.</summary>
    Deflate,

    /// <summary>Zstandard, which is faster and not read everywhere.</summary>
    Zstd,
}
