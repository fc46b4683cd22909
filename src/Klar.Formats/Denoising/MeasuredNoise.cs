using Klar.Noise;
using Klar.Noise.Structured;

namespace Klar.Formats.Denoising;

/// <summary>What was found out about the noise of an image, or of the pages of a channel.</summary>
/// <param name="Noise">The noise that is left without the offsets of rows and columns.</param>
/// <param name="Rows">σ of the offsets of rows, in sample units; 0 where there are none.</param>
/// <param name="Columns">σ of the offsets of columns.</param>
internal sealed record MeasuredNoise(NoiseEstimate Noise, double Rows, double Columns)
{
    /// <summary>The noise of one image.</summary>
    public static MeasuredNoise Of(Image image, CancellationToken cancel)
    {
        StripeNoise stripes = StripeNoise.Of(image, cancel: cancel);
        return new MeasuredNoise(
            NoiseEstimator.Estimate(stripes.RemovedFrom(image), cancel), stripes.Rows, stripes.Columns);
    }

    /// <summary>The noise of a channel, measured on some of its pages together.</summary>
    public static MeasuredNoise Of(
        ImageStack stack, IReadOnlyList<int> pages, SampleScale scale, CancellationToken cancel)
    {
        var found = new List<StripeNoise>();
        StackStatistics statistics = ChannelStatistics.Of(stack, pages, scale, inTiles: false, WithoutStripes);
        NoiseEstimate noise = statistics.Noise;
        return new MeasuredNoise(
            noise,
            Math.Sqrt(found.Average(static one => one.Rows * one.Rows)),
            Math.Sqrt(found.Average(static one => one.Columns * one.Columns)));

        Image WithoutStripes(Image page)
        {
            found.Add(StripeNoise.Of(page, cancel: cancel));
            return found[^1].RemovedFrom(page);
        }
    }
}
