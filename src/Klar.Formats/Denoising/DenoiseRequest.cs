using Klar.Catalogue;

namespace Klar.Formats.Denoising;

/// <summary>What is to be done with a file: everything that a command line, a batch or a program may ask for.</summary>
internal sealed record DenoiseRequest
{
    /// <summary>The method, with everything that is set about it.</summary>
    public required MethodRequest Method { get; init; }

    /// <summary>Threads, seed and clock; with a <see cref="RunSettings.WarmStart"/> pages begin with the network of the
    /// page before.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>What the pages are, as <c>TZCYX</c>; null for what the file says.</summary>
    public string? Axes { get; init; }

    /// <summary>The pages to take, as <c>c=0,2</c> and <c>z=3-8</c>; none for all.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    /// <summary>Which image of a file that holds several; null for the only one.</summary>
    public int? Scene { get; init; }

    /// <summary>Along which axis neighbouring pages help each other.</summary>
    public AcrossChoice Across { get; init; }

    /// <summary>How many pages on each side may help a page.</summary>
    public AcrossOptions Neighbours { get; init; } = new();

    /// <summary>What is done about the level of pages, which flicker and bleaching change.</summary>
    public DriftHandling Drift { get; init; }

    /// <summary>Bytes of memory that may be taken; null for the default.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>The sample type of the result.</summary>
    public OutputTypeChoice OutputType { get; init; }

    /// <summary>How the result's file stores its samples.</summary>
    public WriteOptions Write { get; init; } = WriteOptions.AsSource;

    /// <summary>Whether NaN and infinity are kept and denoised around; else they are refused.</summary>
    public bool KeepsNonFinite { get; init; }

    /// <summary>Whether to go on where a run with the same input and settings stopped.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether the residual is written beside the result.</summary>
    public bool WritesResidual { get; init; }

    /// <summary>Whether each pixel's standard error is written beside the result.</summary>
    public bool WritesUncertainty { get; init; }

    /// <summary>Whether a report is written beside the result.</summary>
    public bool WritesReport { get; init; }

    /// <summary>
    /// What the samples of a result depend on beside the input, as text: results of equal keys are equal.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The same for the image of the file that is taken.</summary>
    public string KeyOfScene => Scene is { } scene ? $"{Key}\nscene={scene}" : Key;

    /// <summary>The version that is named in a result's description.</summary>
    public string Version { get; init; } = string.Empty;
}
