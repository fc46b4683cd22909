using Klar.NonLocal;

namespace Klar.Stacks;

/// <summary>
/// A patch method of two steps over a window of pages that slides along a stack: groups around the patches of each page
/// hold patches of its neighbours, and every patch of a group is an estimate of its own page.
/// </summary>
/// <remarks>
/// With groups over r pages to each side a page's result needs the pages within 4 r: the groups of r pages beside it
/// add to its second step, these need the pilots of r more, to which the groups of r more add, which reach r further.
/// In what order pages are asked for changes no bit. Dabov, Foi and Egiazarian, «Video denoising by sparse 3D
/// transform-domain collaborative filtering», EUSIPCO 2007, has groups over frames; windows follow no motion here.
/// </remarks>
/// <param name="pages">The stack's pages.</param>
/// <param name="run">Threads.</param>
internal sealed class SlidingGroups(SlidingPages pages, RunSettings run)
{
    /// <summary>Pages to each side of a page in which groups are searched.</summary>
    public const int Reach = 2;

    /// <summary>Pages to each side that a result depends on.</summary>
    public const int FullReach = 4 * Reach;

    // A patch moves by no more from page to page, or it is another.
    private const int Radius = 6;

    private readonly Dictionary<int, PageSums> _first = [];
    private readonly Dictionary<int, PageSums> _second = [];
    private PageRing? _pilots;
    private float[]? _pilotGuide;
    private int _nextFirst;
    private int _nextSecond;
    private int _nextPilot;
    private int _expected = -1;

    /// <summary>Whether a page follows the one before; else more pages are needed before it.</summary>
    public bool Continues(int page) => page == _expected;

    /// <summary>The result of a page; pages in their order cost least.</summary>
    public float[][] Denoise(int page, CancellationToken cancel)
    {
        if (!Continues(page))
        {
            Restart(page);
        }

        int last = pages.Count - 1;
        for (; _nextSecond <= Math.Min(last, page + Reach); _nextSecond++)
        {
            for (; _nextFirst <= Math.Min(last, _nextSecond + (2 * Reach)); _nextFirst++)
            {
                FirstStep(_nextFirst, cancel);
            }

            SecondStep(_nextSecond, cancel);
        }

        _expected = page + 1;
        _ = _second.Remove(page, out PageSums? sums);
        return pages.StepsOf(page).Inverse(sums!.Mean());
    }

    private void Restart(int page)
    {
        _first.Clear();
        _second.Clear();
        _nextSecond = Math.Max(0, page - Reach);
        _nextFirst = Math.Max(0, _nextSecond - (2 * Reach));
        _nextPilot = Math.Max(0, _nextSecond - Reach);
    }

    private void FirstStep(int page, CancellationToken cancel)
    {
        pages.Load(page - Reach, page + Reach, cancel);
        if (pages.Has(page))
        {
            ITwoSteps steps = pages.StepsOf(page);
            Add(steps.First, page, pages.Guide, _first, width => steps.FirstEstimate(pages.Samples, width), cancel);
        }

        // No later page adds to the pilots of those that lie behind its reach.
        int complete = page == pages.Count - 1 ? page : page - Reach;
        for (; _nextPilot <= complete; _nextPilot++)
        {
            if (_first.Remove(_nextPilot, out PageSums? sums) && pages.Has(_nextPilot))
            {
                Put(_nextPilot, sums.Mean());
            }
        }

        Forget(_first, before: _nextPilot);
    }

    private void SecondStep(int page, CancellationToken cancel)
    {
        if (pages.Has(page))
        {
            ITwoSteps steps = pages.StepsOf(page);
            float[][] pilots = _pilots!.Samples;
            Add(
                steps.Second, page, _pilotGuide!, _second,
                width => steps.SecondEstimate(pages.Samples, pilots, width), cancel);
        }

        Forget(_second, before: page - Reach);
    }

    private static void Forget(Dictionary<int, PageSums> sums, int before)
    {
        foreach (int past in sums.Keys.Where(page => page < before).ToArray())
        {
            _ = sums.Remove(past);
        }
    }

    /// <summary>Adds the groups around a page's patches to the sums of the pages that they lie on.</summary>
    private void Add(
        PatchSearchSettings settings, int page, float[] guide, Dictionary<int, PageSums> sums,
        Func<int, IGroupEstimate> estimate, CancellationToken cancel)
    {
        int[] window = [page, .. pages.Related(page, Reach)];
        (int width, int height, int channels) = (pages.Width, pages.Height, pages.Samples.Length);
        var pass = new NonLocalPass(
            settings with { RadiusOnOtherPages = Radius }, width, height, channels, run);
        PageSums[] of = [.. window.Select(one =>
        {
            if (!sums.TryGetValue(one, out PageSums? sum))
            {
                sums[one] = sum = new PageSums(channels, width, height);
            }

            return sum;
        })];
        var places = new PageWindow(pages.SlotOf(page), [.. window[1..].Select(pages.SlotOf)]);
        pass.AddTo(guide, places, () => estimate(width), of, cancel);
    }

    private void Put(int page, float[][] pilot)
    {
        _pilots ??= new PageRing(pilot.Length, pages.Width * pages.Height, pages.Slots);
        _pilots.Put(page, pilot);
        if (pilot.Length == 1)
        {
            _pilotGuide = _pilots.Samples[0];
            return;
        }

        int pixels = pages.Width * pages.Height;
        _pilotGuide ??= new float[pages.Slots * pixels];
        pages.StepsOf(page).Guide(pilot).CopyTo(_pilotGuide.AsSpan(pages.SlotOf(page) * pixels));
    }
}
