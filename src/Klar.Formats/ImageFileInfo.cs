namespace Klar.Formats;

/// <summary>What a file holds, read from its header.</summary>
/// <param name="Width">Samples in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">Channels of a page, transparency not counted.</param>
/// <param name="Pages">Pages; a hyperstack's channels, slices and frames are pages.</param>
/// <param name="SampleType">How a sample is stored.</param>
/// <param name="HasAlpha">Whether a transparency channel follows the others.</param>
/// <param name="Format">The file format, in libvips' word: tiff, png, …</param>
/// <param name="PixelSizeMicrometres">The side of a pixel where the file states a resolution; null else.</param>
public sealed record ImageFileInfo(
    int Width,
    int Height,
    int Channels,
    int Pages,
    SampleType SampleType,
    bool HasAlpha,
    string Format,
    double? PixelSizeMicrometres);
