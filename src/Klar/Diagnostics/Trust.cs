using System.Globalization;
using Klar.Noise;

namespace Klar.Diagnostics;

/// <summary>
/// What can be said of a result without its clean partner: whether what was taken out looks like the noise that there
/// was, and whether anything was added.
/// </summary>
/// <remarks>
/// docs/algorithms/trust.md says how well each measure and each warning does where the truth is known.
/// </remarks>
public sealed record Trust
{
    // docs/algorithms/trust.md has the measurements behind these. Even a perfect result takes less out than there
    // was: what it errs, it leaves.
    private const double MaxRemoved = 1.01;
    private const double MinRemoved = 0.8;
    private const double MaxLeft = 0.3;
    private const double MinAtEdges = 0.3;
    private const double MaxCorrelation = 0.18;
    private const int MinSide = 32;
    private const double MaxPattern = 4;

    private Trust()
    {
    }

    /// <summary>Level of what was taken out, in units of the noise's: about 1.</summary>
    public required double Removed { get; init; }

    /// <summary>Level of the noise in the result, in units of that in the input: near 0.</summary>
    public required double Left { get; init; }

    /// <summary>Largest difference of the residual's autocorrelation to that of the noise, at lags up to 2.</summary>
    public required double ResidualCorrelation { get; init; }

    /// <summary>Probability of differences as large in 4096 samples of such noise.</summary>
    public required double PValue { get; init; }

    /// <summary>
    /// Correlation of what was taken out with the fine detail of the result: above 0 where detail was taken out.
    /// </summary>
    public required double DetailTaken { get; init; }

    /// <summary>Mean square of what was taken out at edges, over that where the picture is flat: about 1.</summary>
    public required double TakenAtEdges { get; init; }

    /// <summary>
    /// Strength of a checkerboard, stripes or a grid in the result, over that in the input: about 1 or less.
    /// </summary>
    public required double PatternAdded { get; init; }

    /// <summary>What a user should know, in plain words; empty where nothing speaks against the result.</summary>
    public IReadOnlyList<string> Warnings => [.. Words()];

    /// <summary>Judges <paramref name="result"/>, made from <paramref name="noisy"/>.</summary>
    /// <param name="noisy">The input.</param>
    /// <param name="result">What a method made of it.</param>
    /// <param name="noise">The noise of the input; null to measure it.</param>
    public static Trust Of(Image noisy, Image result, NoiseEstimate? noise = null)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        ArgumentNullException.ThrowIfNull(result);
        noise ??= NoiseEstimator.Estimate(noisy);
        (noisy, result) = Pictured(noisy, result);
        var told = new AdditiveNoise((float)Math.Max(noise.Sigma, NoiseEstimator.MinSigma(noisy.Scale)))
        {
            Levels = noise.Levels,
            Autocorrelation = noise.Autocorrelation.Count == 0 ? null : noise.Autocorrelation,
        };
        ResidualStatistics[] channels = [.. noisy.Planes.Zip(
            result.Planes,
            (input, output) => ResidualStatistics.Of(input, output, told, noise.CutAtBlack, noise.CutAtWhite))];
        NoiseEstimate left = NoiseEstimator.Estimate(result);
        double Strength(Plane plane) => RegularPattern.StrengthIn(plane, told.Sigma);
        return new Trust
        {
            Removed = channels.Average(static channel => channel.Level),
            Left = left.Sigma / told.Sigma,
            ResidualCorrelation = channels.MaxBy(static channel => Math.Abs(channel.Correlation))!.Correlation,
            PValue = channels.Min(static channel => channel.PValue),
            DetailTaken = channels.Average(static channel => channel.Detail),
            TakenAtEdges = channels.Average(static channel => channel.AtEdges),
            PatternAdded = noisy.Planes
                .Zip(result.Planes, (input, output) => Strength(output) / Math.Max(1, Strength(input))).Max(),
        };
    }

    /// <summary>
    /// The largest part without masked samples, of the input and of the result; areas of one value are no picture to
    /// judge by.
    /// </summary>
    private static (Image Noisy, Image Result) Pictured(Image noisy, Image result)
    {
        if (ConstantAreas.Of(noisy).MaxBy(static mask => mask?.Count ?? 0) is not { } mask)
        {
            return (noisy, result);
        }

        (int x, int y, int width, int height) = mask.LargestFree();
        return Math.Min(width, height) < MinSide
            ? (noisy, result)
            : (noisy.Crop(x, y, width, height), result.Crop(x, y, width, height));
    }

    private IEnumerable<string> Words()
    {
        if (Removed > MaxRemoved)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"more was taken out than noise was measured ({Removed:F2} times its level): fine detail may be "
                    + $"among it; see --residual");
        }

        if (Removed < MinRemoved || Left > MaxLeft || TakenAtEdges < MinAtEdges)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"noise was left in the result: {Removed:F2} times its level was taken out");
        }

        if (Math.Abs(ResidualCorrelation) > MaxCorrelation)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"what was taken out is not like the noise: its neighbours' correlation is off by "
                    + $"{ResidualCorrelation:F2}; grains of correlated noise may be left and look like detail");
        }

        if (PatternAdded > MaxPattern)
        {
            yield return "the result has a checkerboard, stripes or a grid that the input has not: the method made "
                + "them";
        }
    }
}
