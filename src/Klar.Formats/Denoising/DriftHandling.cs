namespace Klar.Formats.Denoising;

/// <summary>What is done about the level of pages, which changes over time by flicker and bleaching.</summary>
internal enum DriftHandling
{
    /// <summary>Neighbours are brought to a page's level where they help it; the page keeps its own.</summary>
    Auto,

    /// <summary>Pages are levelled: each is written at the level of the first.</summary>
    On,

    /// <summary>Neighbours are taken as they are.</summary>
    Off,
}
