using Klar.Noise;
using Klar.Noise.Structured;

namespace Klar;

/// <summary>Enough to repeat a run.</summary>
/// <param name="Method">The method's name as in the catalogue.</param>
/// <param name="Settings">Every option as it was resolved, by its name in kebab-case.</param>
/// <param name="Seed">The seed of all random draws.</param>
/// <param name="Elapsed">Wall time of the call, estimation included.</param>
public sealed record DenoiseReport(
    string Method,
    IReadOnlyDictionary<string, string> Settings,
    ulong Seed,
    TimeSpan Elapsed)
{
    /// <summary>σ that the method found by itself, in sample units; null where it was given or plays no part.</summary>
    public float? SigmaEstimated { get; init; }

    /// <summary>
    /// The noise as it was measured on the very image that was denoised, for whoever wants to know more of it; null
    /// where it was not measured, or on another one.
    /// </summary>
    public NoiseEstimate? Noise { get; init; }

    /// <summary>
    /// Offsets of rows and columns that were taken out before the image was denoised; <see cref="Noise"/> is that of
    /// the image without them. Null where none were.
    /// </summary>
    public StripeNoise? Stripes { get; init; }

    /// <summary>What the user should know about the result, in plain words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The same report with one setting more.</summary>
    public DenoiseReport With(string setting, string value) =>
        this with
        {
            Settings = new SortedDictionary<string, string>(Settings.ToDictionary(), StringComparer.Ordinal)
            {
                [setting] = value,
            },
        };
}
