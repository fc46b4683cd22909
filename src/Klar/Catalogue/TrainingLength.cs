namespace Klar.Catalogue;

/// <summary>How long a method trains a network on the image itself, at full resolution and default options.</summary>
public enum TrainingLength
{
    /// <summary>Not at all, or within an effort's promise.</summary>
    None,

    /// <summary>A tiny network, for a number of steps: seconds for 512 × 512, and as many times more as there are
    /// more pixels.</summary>
    Short,

    /// <summary>A minute and more.</summary>
    Long,
}
