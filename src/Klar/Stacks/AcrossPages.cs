using System.Globalization;
using Klar.NonLocal;
using Klar.Stacks;

namespace Klar;

/// <summary>
/// Denoises the pages of one channel of a stack, along time or depth, each with its neighbours at hand. A page's result
/// depends on the pages within <see cref="AcrossOptions.Reach"/>, or 8 if that is more, and on nothing else.
/// </summary>
/// <remarks>
/// Around a method much is done to a page: stuck pixels are repaired, photon noise is stabilised. So each page goes
/// through the whole twice: once as far as the method's own work, where it is kept for its neighbours, and once to the
/// end. docs/algorithms/across.md has the mathematics.
/// </remarks>
public sealed class AcrossPages
{
    private readonly int _count;
    private readonly AcrossOptions _options;
    private readonly Func<int, Image> _read;
    private readonly Func<RunSettings, IDenoiser> _create;
    private readonly List<PageWithNeighbours> _neighbours = [];
    private readonly Dictionary<int, IReadOnlyList<PagePart>> _parts = [];

    /// <param name="count">Pages of the channel, in the order of time or depth.</param>
    /// <param name="read">Reads one of them.</param>
    /// <param name="create">Makes the denoiser of a page.</param>
    /// <param name="options">How far neighbours count.</param>
    public AcrossPages(
        int count, Func<int, Image> read, Func<RunSettings, IDenoiser> create, AcrossOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(create);
        (_count, _read, _create, _options) = (count, read, create, options ?? new());
    }

    /// <summary>Denoises a page; pages in their order cost least.</summary>
    /// <param name="page">Its number, from 0.</param>
    /// <param name="run">Its settings, with what all pages have in common in <see cref="RunSettings.Stack"/>.</param>
    /// <param name="progress">Hears the share done.</param>
    /// <param name="cancel">Ends it.</param>
    public Denoised Denoise(
        int page, RunSettings run, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, _count);
        var exchange = new Neighbours(this, page, run, cancel);
        Denoised denoised = _create(run with { Pages = exchange }).Denoise(_read(page), progress, cancel);
        if (exchange.Uses.Count == 0)
        {
            return denoised;
        }

        DenoiseReport report = denoised.Report.With("across", Text(exchange.Uses));
        return denoised with
        {
            Report = report with { Warnings = [.. report.Warnings, .. Warnings()] },
        };
    }

    private IEnumerable<string> Warnings() => _neighbours.Any(static one => one.HaveNoiseInCommon)
        ? ["neighbouring pages have some of their noise in common (a fixed pattern): such pages are denoised alone"]
        : [];

    private static string Text(IReadOnlyList<PageUse> uses) => string.Join("; ", uses.Select(static use =>
        use.Pages == 0
            ? "alone"
            : string.Create(CultureInfo.InvariantCulture, $"{use.Pages} pages, noise {use.Left:F2} of one")));

    /// <summary>What a page's method comes to work on, in the order in which it does.</summary>
    private IReadOnlyList<PagePart> PartsOf(int page, RunSettings run, CancellationToken cancel)
    {
        if (!_parts.TryGetValue(page, out IReadOnlyList<PagePart>? parts))
        {
            var capture = new Capture();
            _ = _create(run with { Pages = capture }).Denoise(_read(page), cancel: cancel);
            foreach (int past in _parts.Keys.Where(one => Math.Abs(one - page) > 1).ToArray())
            {
                _ = _parts.Remove(past);
            }

            _parts[page] = parts = capture.Parts;
        }

        return parts;
    }

    /// <summary>Keeps what a method would work on, and does nothing to it.</summary>
    private sealed class Capture : IPageExchange
    {
        private readonly List<PagePart> _parts = [];

        public IReadOnlyList<PagePart> Parts => _parts;

        public IEnumerable<Plane> Denoise(IPagePart part, Action<double> advanced)
        {
            _parts.Add((PagePart)part);
            return part.Planes;
        }
    }

    /// <summary>Lets a method work on a page with its neighbours at hand.</summary>
    private sealed class Neighbours(AcrossPages across, int page, RunSettings run, CancellationToken cancel)
        : IPageExchange
    {
        public List<PageUse> Uses { get; } = [];

        public IEnumerable<Plane> Denoise(IPagePart handed, Action<double> advanced)
        {
            var part = (PagePart)handed;
            int number = Uses.Count;
            if (across._neighbours.Count <= number)
            {
                across._neighbours.Add(new PageWithNeighbours(
                    across._count,
                    across._options.Reach,
                    part.Autocorrelation,
                    (other, token) => across.PartsOf(other, run, token).ElementAtOrDefault(number),
                    run)
                {
                    MatchesLevels = across._options.MatchesLevels,
                });
            }

            PageWithNeighbours neighbours = across._neighbours[number];
            IEnumerable<Plane> planes = neighbours.Denoise(page, part, advanced, cancel);
            Uses.Add(neighbours.LastUse);
            return planes;
        }
    }
}
