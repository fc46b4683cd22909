using Klar.Scheduling;

namespace Klar.Filters;

/// <summary>Makes rows <paramref name="from"/> to <paramref name="to"/> of the filtered plane.</summary>
internal delegate void FilterBand(Plane plane, Span<float> result, int from, int to);

/// <summary>What all filters share: one plane after the other, in bands of rows, timed and reported.</summary>
internal static class LocalFilter
{
    public static Denoised Run(
        string method,
        IReadOnlyDictionary<string, string> settings,
        Image noisy,
        FilterBand band,
        RunSettings run,
        IProgress<DenoiseProgress>? progress,
        CancellationToken cancel) =>
        Run(method, settings, noisy, (
            plane, channel, advanced) => Filtered(plane, Checked(channel, band), run, advanced, cancel), run, progress);

    /// <summary>
    /// A band that looks for NaN and infinity first, which brings its rows into the cache for the filter.
    /// </summary>
    public static FilterBand Checked(int channel, FilterBand band) => (plane, result, from, to) =>
    {
        Require.Finite(plane, channel, from, to);
        band(plane, result, from, to);
    };

    /// <summary>The same for a filter that looks at a plane as a whole first, and checks it.</summary>
    public static Denoised Run(
        string method,
        IReadOnlyDictionary<string, string> settings,
        Image noisy,
        Func<Plane, int, Action<double>, Plane> filter,
        RunSettings run,
        IProgress<DenoiseProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = run.Clock.GetTimestamp();
        var planes = new Plane[noisy.Planes.Count];
        for (int c = 0; c < planes.Length; c++)
        {
            int done = c;
            planes[c] = filter(
                noisy.Planes[c], c, fraction => progress?.Report(new(method, (done + fraction) / planes.Length)));
        }

        return new Denoised(noisy.With(planes), new(method, settings, run.Seed, run.Clock.GetElapsedTime(start)));
    }

    public static Plane Filtered(
        Plane plane, FilterBand band, RunSettings run, Action<double> advanced, CancellationToken cancel)
    {
        float[] result = GC.AllocateUninitializedArray<float>(plane.Samples.Length);
        Bands.ForEach(plane.Height, run.Threads, (from, to) => band(plane, result, from, to), advanced, cancel);
        return new Plane(plane.Width, plane.Height, result);
    }
}
