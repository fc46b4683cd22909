using System.Text.Json.Serialization;
using Klar.Reports;

namespace Klar.Cli;

/// <summary>The JSON of <c>compare</c>.</summary>
internal sealed record ComparisonDocument(IReadOnlyList<ComparisonRow> Rows, ulong Seed, string Version);

/// <summary>A line of progress under <c>--attached</c>; the fraction never goes back.</summary>
internal sealed record ProgressDocument(string Stage, double Fraction);

/// <summary>A line of <c>compare</c> under <c>--attached</c>: a row as soon as it is there.</summary>
internal sealed record RowDocument(ComparisonRow Row);

/// <summary>The JSON of <c>metrics</c>; peak in the file's values.</summary>
internal sealed record MetricsDocument(double? Psnr, double? Ssim, double Nrmse, double Peak)
{
    /// <summary>What <c>--temporal</c> asks for; left out else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TemporalDocument? Temporal { get; init; }
}

/// <summary>Errors of a sequence's course, root mean squares in the file's values.</summary>
/// <param name="MeanError">Of each pixel's mean over time.</param>
/// <param name="DifferenceError">Of its change from page to page.</param>
internal sealed record TemporalDocument(double MeanError, double DifferenceError);

/// <summary>The JSON of <c>denoise</c>.</summary>
internal sealed record DenoiseDocument(IReadOnlyList<DenoisedFile> Files, ulong Seed, string Version);

/// <summary>One file of <c>denoise</c>: made, or why not.</summary>
internal sealed record DenoisedFile(
    string Input, string? Output, string Method, double? Seconds, double? SigmaEstimated, long? Clipped, string Status,
    IReadOnlyList<string> Warnings, string? Error);

/// <summary>What stands beside every denoised file, so that the run can be repeated.</summary>
internal sealed record Sidecar(
    string Version,
    IReadOnlyList<string> Command,
    string Method,
    IReadOnlyDictionary<string, string> Settings,
    ulong Seed,
    string Input,
    string InputSha256,
    string? Request,
    StackDocument? Stack,
    NoiseEstimateDocument? NoiseEstimate,
    IReadOnlyList<string> Warnings,
    string? OutputType,
    TrustDocument? Trust,
    double Seconds,
    IReadOnlyDictionary<string, string>? Outputs = null);

/// <summary>Axes and pages of a stack, and who says what the axes are.</summary>
internal sealed record StackDocument(string Axes, int Pages, string Source);

/// <summary>What can be said of a result without ground truth; resolutions in pixels.</summary>
internal sealed record TrustDocument(
    double Removed, double Left, double ResidualCorrelation, double PValue, double DetailTaken, double TakenAtEdges,
    double PatternAdded, double? ResolutionBefore, double? ResolutionAfter);

/// <summary>
/// The noise that a method found: in 255ths of white, and in grey levels of the file where they are known. Notes say
/// what its measurement lacks.
/// </summary>
internal sealed record NoiseEstimateDocument(
    double Sigma255, double? GreyLevels = null, IReadOnlyList<string>? Notes = null);

/// <summary>The JSON of <c>info</c>.</summary>
internal sealed record InfoDocument(
    string File, int Width, int Height, int Channels, int Pages, string SampleType, bool Alpha, string Format,
    double? PixelSizeMicrometres,
    string Axes, IReadOnlyList<int> Sizes, string AxesFrom)
{
    /// <summary>The images of a file that holds several; the rest describes the one asked for, or the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SceneDocument>? Scenes { get; init; }

    /// <summary>The names of the channels that are pages, where the file gives them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ChannelNames { get; init; }

    /// <summary>What the reader has to know of the file, a line; left out where there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Warning { get; init; }
}

/// <summary>One of the images of a file.</summary>
internal sealed record SceneDocument(int Scene, string Name, string Axes, IReadOnlyList<int> Sizes, string SampleType);

/// <summary>The JSON of <c>noise</c>.</summary>
internal sealed record NoiseDocument(
    string Input, string Output, string Noise, bool Clipped, ulong Seed, string Version);

/// <summary>The JSON of <c>methods</c>.</summary>
internal sealed record MethodDocument(
    string Name, string Summary, string Paper, string Assumes, int? Reach,
    IReadOnlyList<Klar.Catalogue.MethodOption> Options);

/// <summary>The JSON of <c>bench methods</c>.</summary>
internal sealed record MethodTimesDocument(IReadOnlyList<MethodTime> Rows, int Threads, string Version);

/// <summary>The JSON of <c>train</c>; the loss is the mean of the last twentieth of the steps.</summary>
internal sealed record TrainDocument(
    string Model, string Method, int Steps, double Loss, double Seconds, int Images, ulong Seed, string Version);

/// <summary>The JSON of <c>bench train</c> for a model.</summary>
internal sealed record ModelSpeedDocument(
    string Method, double MsPerStep, int Batch, int CropSize, int Channels, int Threads);

/// <summary>The JSON of <c>bench quality</c>.</summary>
internal sealed record QualityDocument(IReadOnlyList<Klar.Reports.Quality.QualityRow> Rows, string Version);

/// <summary>The JSON of <c>bench trust</c>.</summary>
internal sealed record TrustRowsDocument(IReadOnlyList<Klar.Reports.Quality.TrustRow> Rows, string Version);

/// <summary>The JSON of <c>bench noise</c>.</summary>
internal sealed record NoiseAccuracyDocument(IReadOnlyList<Klar.Reports.Quality.NoiseAccuracyRow> Rows, string Version);

/// <summary>The JSON of <c>bench structured</c>.</summary>
internal sealed record StructuredDocument(IReadOnlyList<Klar.Reports.Quality.StructuredRow> Rows, string Version);

/// <summary>
/// The JSON of <c>estimate</c>; gain, read noise and offset in the file's grey levels; <c>jpegGrid</c> the column and
/// the row at which blocks of 8 × 8 start.
/// </summary>
internal sealed record EstimateDocument(
    double Sigma255, double Gain, double ReadNoise, double Offset, double ClippedBlack, double ClippedWhite,
    double Lag1, string Model, double Confidence, int HotPixels, string Advice,
    int Masked, NoiseLevelDocument? DarkEnd, NoiseLevelDocument? BrightEnd, IReadOnlyList<int>? JpegGrid,
    int BadColumns)
{
    /// <summary>σ of the offsets of rows, in 255ths of white; 0 where there are none.</summary>
    public double Rows { get; init; }

    /// <summary>σ of the offsets of columns, in 255ths of white; 0 where there are none.</summary>
    public double Columns { get; init; }

    /// <summary>The largest change of a page's level over time, relative to the brightest; null without time.</summary>
    public double? Drift { get; init; }

    /// <summary>Correlation of the noise of pages next to each other in time; null without time.</summary>
    public double? AcrossT { get; init; }

    /// <summary>Correlation of the noise of pages next to each other in depth; null without depth.</summary>
    public double? AcrossZ { get; init; }

    /// <summary>The same for every channel that is pages, where there are several; the rest is the first's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EstimateDocument>? Channels { get; init; }
}

/// <summary>
/// The noise at a brightness, both in grey levels of the file, and its standard error relative to it.
/// </summary>
internal sealed record NoiseLevelDocument(double Brightness, double Sigma, double Error);

/// <summary>The JSON of <c>doctor</c>.</summary>
internal sealed record DoctorDocument(
    string Version,
    string Runtime,
    string System,
    string? Libvips,
    int RegisterBits,
    bool FusedMultiplyAdd,
    int Cores,
    int Threads,
    long MemoryBytes,
    IReadOnlyList<string> Missing);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(ProgressDocument))]
[JsonSerializable(typeof(RowDocument))]
[JsonSerializable(typeof(MetricsDocument))]
[JsonSerializable(typeof(DenoiseDocument))]
[JsonSerializable(typeof(Sidecar))]
[JsonSerializable(typeof(InfoDocument))]
[JsonSerializable(typeof(Viewing.PageAnswer))]
[JsonSerializable(typeof(Viewing.StackLevelsDocument))]
[JsonSerializable(typeof(NoiseDocument))]
[JsonSerializable(typeof(TrainDocument))]
[JsonSerializable(typeof(ModelSpeedDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(EstimateDocument))]
[JsonSerializable(typeof(QualityDocument))]
[JsonSerializable(typeof(NoiseAccuracyDocument))]
[JsonSerializable(typeof(StructuredDocument))]
[JsonSerializable(typeof(TrustRowsDocument))]
[JsonSerializable(typeof(MethodTimesDocument))]
[JsonSerializable(typeof(Klar.SelfSupervised.ZsN2n.TrainingSpeed))]
[JsonSerializable(typeof(IReadOnlyList<MethodDocument>))]
internal sealed partial class Documents : JsonSerializerContext;
