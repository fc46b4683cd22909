using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// What the patch methods share around their steps: colour, noise level, pictures smaller than a patch, the report.
/// </summary>
internal static class PatchDenoising
{
    // A smaller page is no larger than a few patches: neighbours are left out of it.
    private const int MinSideOfPages = 32;

    /// <summary>Denoises channels of equal size that belong together.</summary>
    /// <param name="first">Which of the image's channels is the first of them.</param>
    /// <param name="channels">Row-major samples of one or three channels; not to be changed.</param>
    /// <param name="width">Samples in a row, at least the largest patch.</param>
    /// <param name="height">Rows, at least the largest patch.</param>
    /// <param name="sigmas">σ of each channel.</param>
    /// <param name="map">How it varies over the page; null where it does not.</param>
    /// <param name="advanced">To be told the share done, 0 to 1.</param>
    internal delegate float[][] Work(
        int first, float[][] channels, int width, int height, float[] sigmas, NoiseMap? map, Action<double> advanced);

    /// <summary>The steps in which a method finds groups over neighbouring pages, for noise of such levels.</summary>
    internal delegate ITwoSteps Steps(float[][] channels, float[] sigmas);

    /// <summary>Denoises three channels together and any other number one by one.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="settings">Its resolved options.</param>
    /// <param name="noisy">The image.</param>
    /// <param name="sigma">σ, or null to estimate it channel by channel.</param>
    /// <param name="leastSide">The largest patch; a smaller picture is continued by reflection.</param>
    /// <param name="work">The method.</param>
    /// <param name="run">Threads, seed, clock.</param>
    /// <param name="progress">Hears the share done.</param>
    /// <param name="steps">Its groups over neighbouring pages; null where it finds none.</param>
    /// <param name="autocorrelation">Of the noise, 9 × 9; null where it is not known.</param>
    public static Denoised Run(
        string method, IReadOnlyDictionary<string, string> settings, Image noisy, float? sigma, int leastSide,
        Work work, RunSettings run, IProgress<DenoiseProgress>? progress, Steps? steps = null,
        IReadOnlyList<double>? autocorrelation = null)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = run.Clock.GetTimestamp();
        Require.Finite(noisy);
        float[] sigmas =
        [
            .. noisy.Planes.Select(plane => sigma ?? DiagonalDetail.Sigma(plane.Samples, plane.Width, plane.Height))
        ];
        int together = noisy.Planes.Count == 3 ? 3 : 1;
        var planes = new List<Plane>();
        var warnings = new List<string>();
        for (int first = 0; first < noisy.Planes.Count; first += together)
        {
            Plane[] group = [.. noisy.Planes.Skip(first).Take(together)];
            float[] levels = sigmas[first..(first + together)];
            if (levels.Max() == 0)
            {
                planes.AddRange(group);
                progress?.Report(new DenoiseProgress(method, (double)(first + together) / noisy.Planes.Count));
                warnings.Add("no noise was found: the image is unchanged (--sigma sets a level)");
                continue;
            }

            // A channel without noise beside noisy ones: a level that changes nothing of it, instead of a division by
            // zero.
            levels = [.. levels.Select(level => Math.Max(level, 1e-3f * levels.Max()))];
            int done = first;
            void Advanced(double share) =>
                progress?.Report(new DenoiseProgress(method, (done + (share * together)) / noisy.Planes.Count));
            var part = new PagePart(done, group, levels, work, steps) { Autocorrelation = autocorrelation };
            planes.AddRange(run.Pages is { } pages && Math.Min(group[0].Width, group[0].Height) >= MinSideOfPages
                ? pages.Denoise(part, Advanced)
                : Group(done, group, levels, leastSide, work, Advanced));
        }

        var report = new DenoiseReport(method, settings, run.Seed, run.Clock.GetElapsedTime(start))
        {
            SigmaEstimated = sigma is null
                ? (float)Math.Sqrt(sigmas.Average(static level => (double)level * level))
                : null,
            Warnings = [.. warnings.Distinct()],
        };
        return new Denoised(noisy.With(planes), report);
    }

    private static IEnumerable<Plane> Group(
        int first, Plane[] planes, float[] sigmas, int leastSide, Work work, Action<double> advanced)
    {
        int width = Math.Max(planes[0].Width, leastSide), height = Math.Max(planes[0].Height, leastSide);
        float[][] channels = [.. planes.Select(plane => Reflected(plane, width, height))];
        float[][] result = work(first, channels, width, height, sigmas, map: null, advanced);
        return result.Select(
            samples => new Plane(width, height, samples).Crop(0, 0, planes[0].Width, planes[0].Height));
    }

    private static float[] Reflected(Plane plane, int width, int height)
    {
        if (plane.Width == width && plane.Height == height)
        {
            return plane.Samples.ToArray();
        }

        float[] samples = new float[width * height];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] =
                plane.Row(BorderIndex.Mirror(i / width, plane.Height))[BorderIndex.Mirror(i % width, plane.Width)];
        }

        return samples;
    }
}
