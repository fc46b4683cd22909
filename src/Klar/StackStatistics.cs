using Klar.Imaging;
using Klar.Noise;

namespace Klar;

/// <summary>
/// What is taken once for all pages of a stack that show the same channel, and not page by page: the noise, measured on some of them together, and what
/// <c>auto</c> decides. Give the same object to the run of every page; results do not depend on the order.
/// </summary>
public sealed class StackStatistics
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<Image> _pages;
    private readonly Lazy<NoiseEstimate> _noise;
    private readonly Dictionary<Type, object> _decisions = [];

    /// <param name="pages">Some of the channel's pages, in the stack's order, in its scale and of one size.</param>
    public StackStatistics(IReadOnlyList<Image> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        _pages = pages.Count > 0 ? pages : throw new ArgumentException("There is no page.", nameof(pages));
        _noise = new Lazy<NoiseEstimate>(() => NoiseEstimator.Estimate(new Image([.. _pages.SelectMany(static page => page.Planes)], _pages[0].Scale)));
    }

    /// <summary>The noise of all pages together.</summary>
    public NoiseEstimate Noise => _noise.Value;

    /// <summary>The page in the middle, which decides for all.</summary>
    internal Image Middle => _pages[_pages.Count / 2];

    /// <summary>A decision that is taken once.</summary>
    internal T Decided<T>(Func<Image, T> decide)
        where T : class
    {
        lock (_lock)
        {
            if (!_decisions.TryGetValue(typeof(T), out object? decided))
            {
                _decisions[typeof(T)] = decided = decide(Middle);
            }

            return (T)decided;
        }
    }
}
