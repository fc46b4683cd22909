using Klar.NonLocal;

namespace Klar.Stacks;

/// <summary>
/// A method on a page with its neighbours at hand: the mean of what its groups over pages make, which follow what
/// moves, and of what it makes of the page that was fused with its neighbours, where nothing moved.
/// </summary>
internal sealed class PageWithNeighbours
{
    // A weaker correlation of neighbouring pixels may as well be structure.
    private const double MinCorrelation = 0.1;

    // Of the groups, where the page was fused well: on sequences with known truth shares of 0.1 to 0.5 do about the
    // same, on frames of a scene at rest less is better (docs/algorithms/across.md).
    private const float MinShareOfGroups = 0.1f;

    private readonly SlidingPages _pages;
    private readonly SlidingGroups _groups;
    private readonly float[] _gains;
    private readonly int _reach;
    private readonly RunSettings _run;

    /// <param name="count">Pages of the stack.</param>
    /// <param name="reach">Pages to each side that are fused with a page.</param>
    /// <param name="autocorrelation">Of the noise; null for white noise.</param>
    /// <param name="read">Makes a page's part; null where the method does not come to its work on that page.</param>
    /// <param name="run">Threads.</param>
    public PageWithNeighbours(
        int count, int reach, IReadOnlyList<double>? autocorrelation, Func<int, CancellationToken, PagePart?> read,
        RunSettings run)
    {
        (_reach, _run) = (reach, run);
        _gains = ChangeTest.Gains(IsCorrelated(autocorrelation) ? autocorrelation : null);
        _pages = new SlidingPages(
            count, reach + Math.Max(reach, SlidingGroups.FullReach) + 1, _gains, read);
        _groups = new SlidingGroups(_pages, run);
    }

    /// <summary>Whether neighbours are brought to the page's level.</summary>
    public bool MatchesLevels { get; init; } = true;

    /// <summary>What was done to the page that was denoised last.</summary>
    public PageUse LastUse { get; private set; }

    /// <summary>Whether noise was found that pages have in common.</summary>
    public bool HaveNoiseInCommon => _pages.HaveNoiseInCommon;

    /// <summary>Denoises a page.</summary>
    public IEnumerable<Plane> Denoise(
        int page, PagePart part, Action<double> advanced, CancellationToken cancel)
    {
        bool hasGroups = part.Steps is not null;
        bool needsMore = hasGroups && !_groups.Continues(page);
        _pages.Load(page - (needsMore ? Math.Max(_reach, SlidingGroups.FullReach) : _reach), page + _reach, cancel);
        (int width, int height) = (part.Planes[0].Width, part.Planes[0].Height);
        float[][] noisy = [.. part.Planes.Select(static plane => plane.Samples.ToArray())];
        IReadOnlyList<int> related = _pages.Has(page) ? _pages.Related(page, _reach) : [];
        if (related.Count == 0)
        {
            LastUse = new PageUse(0, 1);
            return Planes(part.Alone(part.First, noisy, width, height, part.Sigmas, null, advanced), width, height);
        }

        (float[][] Page, float[][] Smooth)[] neighbours = NeighboursOf(related, noisy.Length, width, height);
        FusedPage fused = Fused(noisy, neighbours, part.Sigmas, width, height, cancel);
        LastUse = new PageUse(related.Count, fused.Left);
        float[] sigmas = Array.ConvertAll(part.Sigmas, sigma => sigma * fused.Left);
        float[][] ofFused = part.Alone(
            part.First, fused.Channels, width, height, sigmas, fused.Map, share => advanced(0.5 * share));
        if (hasGroups)
        {
            Mix(_groups.Denoise(page, cancel), fused, leastLeft: 1f / (related.Count + 1), ofFused);
        }

        float[][] result = AtOwnBrightness(ofFused, noisy, Mean(neighbours), part.Sigmas);
        advanced(1);
        return Planes(result, width, height);
    }

    /// <summary>Moves a result towards that of the groups.</summary>
    private static void Mix(float[][] ofGroups, FusedPage fused, float leastLeft, float[][] result)
    {
        for (int c = 0; c < result.Length; c++)
        {
            for (int i = 0; i < result[c].Length; i++)
            {
                float left = fused.Left * (fused.Map is { } map ? map.Relative[i] : 1);
                result[c][i] += ShareOfGroups(left * left, leastLeft) * (ofGroups[c][i] - result[c][i]);
            }
        }
    }

    /// <summary>
    /// A result at the brightness of the noisy page, whose noise is of mean 0. Groups of a page that bleaches hold
    /// brighter patches of pages before it and darker ones of those behind, and at the ends of a stack only one of
    /// them. How bright a place is, the neighbours say: what is left of the page's own noise in the result goes with
    /// that noise, and would be given back.
    /// </summary>
    private static float[][] AtOwnBrightness(
        float[][] result, float[][] noisy, float[][] brightness, float[] sigmas) =>
    [
        .. result.Select((plane, c) =>
        {
            float[] matched = new float[plane.Length];
            LevelMatch.Run(plane, noisy[c], brightness[c], brightness[c], sigmas[c], matched);
            LevelMatch.MatchMean(matched, noisy[c], sigmas[c]);
            return matched;
        }),
    ];

    private FusedPage Fused(
        float[][] noisy, IReadOnlyList<(float[][] Page, float[][] Smooth)> neighbours, float[] sigmas, int width,
        int height, CancellationToken cancel)
    {
        var fusion = new PageFusion(width, height, _gains, sigmas, _run.Threads) { MatchesLevels = MatchesLevels };
        return fusion.Run(noisy, [.. noisy.Select(plane => Smoothed(plane, width, height))], neighbours, cancel);
    }

    private (float[][] Page, float[][] Smooth)[] NeighboursOf(
        IReadOnlyList<int> related, int channels, int width, int height) =>
    [
        .. related.Select(page =>
        {
            float[][] planes = [.. Enumerable.Range(0, channels).Select(c => _pages.Page(page, c))];
            return (planes, planes.Select(plane => Smoothed(plane, width, height)).ToArray());
        }),
    ];

    private static float[] Smoothed(float[] plane, int width, int height)
    {
        var smoothing = new Smoothing(width, height);
        float[] once = new float[plane.Length], twice = new float[plane.Length];
        smoothing.Smooth(plane, 1, once);
        smoothing.Smooth(once, 2, twice);
        return twice;
    }

    /// <summary>The mean of smoothed neighbours.</summary>
    private static float[][] Mean((float[][] Page, float[][] Smooth)[] neighbours)
    {
        float[][] mean = [.. neighbours[0].Smooth.Select(static plane => new float[plane.Length])];
        foreach ((_, float[][] smooth) in neighbours)
        {
            for (int c = 0; c < mean.Length; c++)
            {
                for (int i = 0; i < mean[c].Length; i++)
                {
                    mean[c][i] += smooth[c][i] / neighbours.Length;
                }
            }
        }

        return mean;
    }

    /// <summary>
    /// How much the groups count: more, the more of the noise's variance is left where neighbours could not be fused.
    /// </summary>
    private static float ShareOfGroups(float left, float leastLeft) =>
        MinShareOfGroups + ((1 - MinShareOfGroups) * Math.Clamp((left - leastLeft) / (1 - leastLeft), 0, 1));

    private static bool IsCorrelated(IReadOnlyList<double>? lags) =>
        lags is not null && 0.5 * Math.Abs(lags[(4 * 9) + 5] + lags[(5 * 9) + 4]) > MinCorrelation;

    private static IEnumerable<Plane> Planes(float[][] channels, int width, int height) =>
        channels.Select(samples => new Plane(width, height, samples));
}

/// <summary>What neighbours were to a page.</summary>
/// <param name="Pages">How many of them counted.</param>
/// <param name="Left">σ that was left where the page was fused with them, over that of the page alone.</param>
internal readonly record struct PageUse(int Pages, float Left);
