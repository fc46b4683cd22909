using System.Diagnostics.CodeAnalysis;

namespace Klar.Web.Jobs;

/// <summary>
/// What is asked of a job (what is left out of the JSON arrives as null and stands for the default): the options of
/// <c>klar denoise</c> and <c>klar compare</c>, by their names; null where the program decides.
/// </summary>
internal sealed record JobSettings
{
    public string? Method { get; init; }

    public string? Effort { get; init; }

    public string? Sigma { get; init; }

    public double? Gain { get; init; }

    public double? ReadNoise { get; init; }

    public double? Offset { get; init; }

    public string? NoiseModel { get; init; }

    public string? Declip { get; init; }

    public string? Channels { get; init; }

    public string? HotPixels { get; init; }

    public string? Stripes { get; init; }

    /// <summary>Of a stack: along which axis pages help each other.</summary>
    public string? Across { get; init; }

    /// <summary>Of a stack: whether the level of its pages is made even.</summary>
    public string? Drift { get; init; }

    public double? Strength { get; init; }

    public ulong? Seed { get; init; }

    /// <summary>Options of methods: METHOD.OPTION and its value.</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, string> Set
    {
        get;
        init => field = value ?? new Dictionary<string, string>();
    } = new Dictionary<string, string>();

    public string? Axes { get; init; }

    /// <summary>Pages to take: c=0 z=3-8.</summary>
    [AllowNull]
    public IReadOnlyList<string> Select { get; init => field = value ?? []; } = [];

    public bool Residual { get; init; }

    public bool Uncertainty { get; init; }

    public bool Report { get; init; }

    /// <summary>Of a comparison: the methods.</summary>
    [AllowNull]
    public IReadOnlyList<string> Methods { get; init => field = value ?? []; } = [];

    /// <summary>Of a comparison: the noises to add.</summary>
    [AllowNull]
    public IReadOnlyList<string> Noises { get; init => field = value ?? []; } = [];

    /// <summary>Of a comparison: the file of the clean picture.</summary>
    public string? Reference { get; init; }

    public bool NoClip { get; init; }

    public int? Crop { get; init; }

    /// <summary>Of a comparison: how many seeds.</summary>
    public int? Repeat { get; init; }
}
