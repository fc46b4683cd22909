namespace Klar.Formats.Denoising;

/// <summary>Along which axis of a stack neighbouring pages help each other.</summary>
internal enum AcrossChoice
{
    /// <summary>Along time, or else along depth; whether a page's neighbours help is measured page by page.</summary>
    Auto,

    /// <summary>Along none: every page is denoised alone.</summary>
    Off,

    /// <summary>Along time.</summary>
    Time,

    /// <summary>Along depth.</summary>
    Depth,
}
