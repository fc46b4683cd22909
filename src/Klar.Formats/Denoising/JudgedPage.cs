using Klar.Diagnostics;
using Klar.Noise;

namespace Klar.Formats.Denoising;

/// <summary>A page that stands for a file, and what can be said of its result without ground truth.</summary>
/// <param name="Page">Its number in the file.</param>
/// <param name="Noisy">The page, or the centre of a large one.</param>
/// <param name="Result">The same of the result.</param>
/// <param name="Noise">The noise.</param>
/// <param name="Trust">What the residual says; null where it says nothing.</param>
internal sealed record JudgedPage(int Page, Image Noisy, Image Result, NoiseEstimate Noise, Trust? Trust)
{
    /// <summary>Judges a page.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="page">The page's number.</param>
    /// <param name="noisy">The page.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="report">How.</param>
    /// <param name="noise">Its noise.</param>
    /// <param name="isLarge">Whether its centre stands for it.</param>
    public static JudgedPage Of(
        DenoiseRequest request, int page, Image noisy, Image result, DenoiseReport report, NoiseEstimate noise,
        bool isLarge)
    {
        (Image before, Image after) = isLarge ? (LargePage.Centre(noisy), LargePage.Centre(result)) : (noisy, result);

        // What rows and columns had in common is no residual of the method.
        Image white = report.Stripes is not { } stripes ? before
            : isLarge ? LargePage.Centre(stripes.RemovedFrom(noisy))
            : stripes.RemovedFrom(before);
        bool isSilent = !request.Method.ModelsNoise
            || request.Method.Strength < 1
            || noise.Kind is NoiseKind.None or NoiseKind.Impulsive
            || report.Settings.GetValueOrDefault("chosen") == "none";
        return new JudgedPage(page, before, after, noise, isSilent ? null : Trust.Of(white, after, noise));
    }

    /// <summary>What a user should know of it.</summary>
    public IEnumerable<string> Warnings(DenoiseRequest request)
    {
        string? ofModel = request.Method.Model is { } model
            ? ModelNoise.Warning(model, Noise, Noisy.Scale)
            : null;
        return new[] { ofModel }.OfType<string>().Concat(TrustWarnings.Of(Trust, Noise, Noisy, Result));
    }
}
