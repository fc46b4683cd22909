using Klar.NonLocal;
using Klar.Numerics;

namespace Klar.Stacks;

/// <summary>
/// Those pages of a stack that lie in a window which slides along it, as a method's own work finds them: after all that
/// goes on around the method.
/// </summary>
/// <param name="count">Pages of the stack.</param>
/// <param name="slots">How many are kept.</param>
/// <param name="gains">Those of <see cref="ChangeTest.Gains"/> for the noise.</param>
/// <param name="read">Makes a page's part; null where the method does not come to its work on that page.</param>
internal sealed class SlidingPages(
    int count, int slots, float[] gains, Func<int, CancellationToken, PagePart?> read)
{
    // The structure of pages is compared at a quarter of the resolution.
    private const int Coarse = 4;

    // Less of the noise in the difference of two pages than this share of what it is where they are independent: they
    // have some of it in common.
    private const double MinIndependent = 0.75;

    private readonly Dictionary<int, LoadedPage> _pages = [];
    private PageRing? _ring;
    private PageRing? _forward;
    private float[] _guide = [];
    private int _from;
    private int _next;

    /// <summary>Pages of the stack.</summary>
    public int Count => count;

    /// <summary>How many are kept.</summary>
    public int Slots => slots;

    /// <summary>Samples in a row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>The channels in which the method finds groups, all slots of each.</summary>
    public float[][] Samples => _forward!.Samples;

    /// <summary>Where it compares patches, all slots.</summary>
    public float[] Guide => _guide;

    /// <summary>Whether noise was found that pages have in common.</summary>
    public bool HaveNoiseInCommon { get; private set; }

    /// <summary>Whether a loaded page can be used.</summary>
    public bool Has(int page) => _pages.ContainsKey(page);

    /// <summary>Where a page lies among the slots.</summary>
    public int SlotOf(int page) => _ring!.SlotOf(page);

    /// <summary>The method's steps for a page.</summary>
    public ITwoSteps StepsOf(int page) => _pages[page].Steps!;

    /// <summary>A channel of a page.</summary>
    public float[] Page(int page, int channel) => _ring!.Page(page, channel).ToArray();

    /// <summary>Makes sure that pages <paramref name="first"/> to <paramref name="last"/> are loaded.</summary>
    public void Load(int first, int last, CancellationToken cancel)
    {
        (first, last) = (Math.Max(0, first), Math.Min(count - 1, last));
        if (first < Math.Max(_from, _next - slots) || first > _next)
        {
            _pages.Clear();
            (_from, _next) = (first, first);
        }

        for (; _next <= last; _next++)
        {
            _ = _pages.Remove(_next - slots);
            if (read(_next, cancel) is { } part)
            {
                Keep(_next, part);
            }
        }
    }

    /// <summary>The pages within <paramref name="reach"/> that show the same scene, the nearest first.</summary>
    public IReadOnlyList<int> Related(int page, int reach) =>
    [
        .. Enumerable.Range(1, reach).SelectMany(distance => (int[])[page - distance, page + distance])
            .Where(other => other >= 0 && other < count && Has(other) && AreRelated(page, other)),
    ];

    private void Keep(int page, PagePart part)
    {
        (int width, int height) = (part.Planes[0].Width, part.Planes[0].Height);
        _ring ??= new PageRing(part.Planes.Count, width * height, slots);
        if (_ring.Samples.Length != part.Planes.Count || (Width != 0 && (Width, Height) != (width, height)))
        {
            return;
        }

        (Width, Height) = (width, height);
        float[][] planes = [.. part.Planes.Select(static plane => plane.Samples.ToArray())];
        _ring.Put(page, planes);
        ITwoSteps? steps = part.Steps?.Invoke(planes, part.Sigmas);
        if (steps is not null)
        {
            KeepForGroups(page, planes, steps);
        }

        double detail = Squared(DiagonalDetail.Sigma(planes[0], width, height));
        _pages[page] = new LoadedPage(part.Sigmas, steps, detail, [.. planes.Select(CoarseOf)]);
    }

    private void KeepForGroups(int page, float[][] planes, ITwoSteps steps)
    {
        if (planes.Length == 1)
        {
            (_forward, _guide) = (_ring, _ring!.Samples[0]);
            return;
        }

        int pixels = Width * Height;
        float[][] forward = steps.Forward(planes);
        _forward ??= new PageRing(forward.Length, pixels, slots);
        _forward.Put(page, forward);
        _guide = _guide.Length == 0 ? new float[slots * pixels] : _guide;
        steps.Guide(forward).CopyTo(_guide.AsSpan(_forward.SlotOf(page) * pixels));
    }

    private bool AreRelated(int page, int other)
    {
        (int first, int second) = (Math.Min(page, other), Math.Max(page, other));
        LoadedPage one = _pages[first];
        if (!one.Related.TryGetValue(second, out bool related))
        {
            var kinship = new PageKinship(gains[^1], one.Sigmas);
            one.Related[second] = related =
                kinship.Are(one.Coarse, _pages[second].Coarse) && AreIndependent(first, second);
        }

        return related;
    }

    /// <summary>
    /// Whether the noise of two pages differs: fixed pattern would stay, and structure that stands still is in
    /// neither's difference.
    /// </summary>
    private bool AreIndependent(int first, int second)
    {
        float[] difference = Page(first, 0);
        ReadOnlySpan<float> other = _ring!.Page(second, 0);
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] -= other[i];
        }

        // Structure that stands still is in a page's diagonal details and not in the difference's; a level that was
        // measured too high is in the level alone. Noise in common makes both ratios small.
        double left = Squared(DiagonalDetail.Sigma(difference, Width, Height));
        double ofPages = _pages[first].Detail + _pages[second].Detail, told = 2 * Squared(_pages[first].Sigmas[0]);
        bool are = left > MinIndependent * Math.Min(ofPages, told);
        HaveNoiseInCommon |= !are;
        return are;
    }

    private static double Squared(double value) => value * value;

    /// <summary>A plane smoothed at the coarsest scale, every fourth sample.</summary>
    private float[] CoarseOf(float[] plane)
    {
        var smoothing = new Smoothing(Width, Height);
        float[] smooth = new float[plane.Length], next = new float[plane.Length];
        smoothing.Smooth(plane, 1, smooth);
        smoothing.Smooth(smooth, 2, next);
        smoothing.Smooth(next, 4, smooth);
        int width = (Width + Coarse - 1) / Coarse, height = (Height + Coarse - 1) / Coarse;
        float[] coarse = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                coarse[(y * width) + x] = smooth[(y * Coarse * Width) + (x * Coarse)];
            }
        }

        return coarse;
    }

    private sealed record LoadedPage(float[] Sigmas, ITwoSteps? Steps, double Detail, float[][] Coarse)
    {
        public Dictionary<int, bool> Related { get; } = [];
    }
}
