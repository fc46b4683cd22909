namespace Klar.Reports;

/// <summary>One image with one noise, and what each method made of it.</summary>
public sealed record ComparisonCase(
    ComparisonInput Input, string? Noise, Image Noisy, IReadOnlyList<ComparisonResult> Results);

/// <summary>An image and its line in the table; the first of a case is the noisy image itself.</summary>
public sealed record ComparisonResult(ComparisonRow Row, Image Image)
{
    /// <summary>How it was made; null for the noisy image.</summary>
    public DenoiseReport? Report { get; init; }
}
