namespace Klar.Formats.Denoising;

/// <summary>What became of a file.</summary>
/// <param name="Report">How it was made; of a stack, what holds for all pages.</param>
/// <param name="Type">The sample type that was written.</param>
/// <param name="Pages">How many pages were written.</param>
/// <param name="Clipped">Samples that lay outside of the type's range.</param>
/// <param name="Judged">The page that stands for the file; null where none was looked at.</param>
internal sealed record FileResult(
    DenoiseReport Report, SampleType Type, int Pages, long Clipped, JudgedPage? Judged);
