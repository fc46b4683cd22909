namespace Klar.Formats.Denoising;

/// <summary>The sample type that is asked for.</summary>
internal enum OutputTypeChoice
{
    /// <summary>The file's own, or floats where its noise is below one grey level.</summary>
    Auto,

    /// <summary>The file's own.</summary>
    Same,

    /// <summary>32-bit floats.</summary>
    Float,

    /// <summary>16-bit whole numbers.</summary>
    UInt16,
}
