using Klar.Noise;
using Klar.Noise.Structured;

namespace Klar.Formats.Denoising;

/// <summary>What was found out about the noise of an image, or of the pages of a channel.</summary>
/// <param name="Noise">The noise that is left without the offsets of rows and columns.</param>
/// <param name="Rows">σ of the offsets of rows, in sample units; 0 where there are none.</param>
/// <param name="Columns">σ of the offsets of columns.</param>
internal sealed record MeasuredNoise(NoiseEstimate Noise, double Rows, double Columns)
{
    private const int MaxPairs = 8;
    private const int MaxLevels = 64;

    /// <summary>The largest change of a page's level over time, relative to the brightest; null without time.</summary>
    public double? Drift { get; private init; }

    /// <summary>Correlation of the noise of pages next to each other in time; null without time.</summary>
    public double? AcrossTime { get; private init; }

    /// <summary>Correlation of the noise of pages next to each other in depth; null without depth.</summary>
    public double? AcrossDepth { get; private init; }

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
            Math.Sqrt(found.Average(static one => one.Columns * one.Columns)))
        {
            Drift = PagesAtOneLevel.TimeOf(stack.Axes) is { } axis ? DriftAlong(axis) : null,
            AcrossTime = PagesAtOneLevel.TimeOf(stack.Axes) is { } time ? CommonAlong(time) : null,
            AcrossDepth = stack.Axes.SizeOf('Z') > 1 ? CommonAlong('Z') : null,
        };

        double DriftAlong(char axis)
        {
            int size = stack.Axes.SizeOf(axis), count = Math.Min(size, MaxLevels);
            int Place(int i) => (int)((long)i * (size - 1) / Math.Max(1, count - 1));
            return PageLevels.Of(count, i => Read(axis, Place(i)), cancel).Drift;
        }

        double? CommonAlong(char axis)
        {
            int pairs = stack.Axes.SizeOf(axis) - 1, count = Math.Min(pairs, MaxPairs);
            double[] all = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * pairs / count)).Select(
                place => SharedNoise.Correlation(Read(axis, place), Read(axis, place + 1))).OfType<double>().Order()];
            return all.Length == 0 ? null : all[all.Length / 2];
        }

        // The channel's pages along an axis, at the first place on all others.
        Image Read(char axis, int place)
        {
            cancel.ThrowIfCancellationRequested();
            int page = pages[0] + ((place - stack.Axes.PlaceOf(pages[0], axis)) * stack.Axes.StepOf(axis));
            return MaskedDenoiser.WithoutNonFinite(stack.Read(page, scale).Image).Image;
        }

        Image WithoutStripes(Image page)
        {
            found.Add(StripeNoise.Of(page, cancel: cancel));
            return found[^1].RemovedFrom(page);
        }
    }
}
