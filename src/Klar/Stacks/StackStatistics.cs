using Klar.Noise;

namespace Klar;

/// <summary>
/// What is determined once for all pages of a stack that show the same channel, and not page by page: the noise,
/// measured on some of them together, and what <c>auto</c> decides. Give the same object to the run of every page;
/// results do not depend on the order.
/// </summary>
public sealed class StackStatistics
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<Image> _pages;
    private readonly Lazy<NoiseEstimate> _noise;
    private readonly Dictionary<(Type Kind, object Basis), object> _decisions = [];

    /// <param name="pages">
    /// Some of the channel's pages, or parts of a large one, in the stack's order, in its scale and of one size.
    /// </param>
    /// <param name="pixels">Pixels of a whole page; null for those of the first of <paramref name="pages"/>.</param>
    public StackStatistics(IReadOnlyList<Image> pages, long? pixels = null)
    {
        ArgumentNullException.ThrowIfNull(pages);
        _pages = pages.Count > 0 ? pages : throw new ArgumentException("There is no page.", nameof(pages));
        Pixels = pixels ?? (long)_pages[0].Width * _pages[0].Height;
        _noise = new Lazy<NoiseEstimate>(() => NoiseEstimator.Estimate(Together));
    }

    /// <summary>The noise of all pages together.</summary>
    public NoiseEstimate Noise => _noise.Value;

    /// <summary>Pixels of a page: what a method does must not depend on those of the part it happens to see.</summary>
    public long Pixels { get; }

    /// <summary>All pages as one image, a plane each.</summary>
    internal Image Together => new([.. _pages.SelectMany(static page => page.Planes)], _pages[0].Scale);

    /// <summary>What decides for all: the page in the middle, unless another image was given.</summary>
    public Image Middle { get => field ?? _pages[_pages.Count / 2]; init; }

    /// <summary>
    /// A decision that is taken once for each <paramref name="basis"/>. Nothing is locked while it is taken: who asks
    /// at the same time takes it too, and decisions on the same basis are the same.
    /// </summary>
    /// <param name="basis">
    /// All that the decision depends on beside the pages: options, handling; compared by value.
    /// </param>
    /// <param name="decide">Takes it on the page in the middle.</param>
    internal T Decided<T>(object basis, Func<Image, T> decide)
        where T : class
    {
        (Type, object) key = (typeof(T), basis);
        lock (_lock)
        {
            if (_decisions.TryGetValue(key, out object? known))
            {
                return (T)known;
            }
        }

        T decided = decide(Middle);
        lock (_lock)
        {
            return _decisions.TryAdd(key, decided) ? decided : (T)_decisions[key];
        }
    }
}
