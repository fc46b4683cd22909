using Klar.Imaging;
using Klar.Stacks;

namespace Klar.Formats.Denoising;

/// <summary>
/// Reads pages with their neighbours. What the next window needs again is kept, so that in the stack's order every page
/// is read once; memory is that of the windows of all channels.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="scale">The scale of its samples.</param>
/// <param name="neighbours">The numbers of a page's window, in order, the page's own among them.</param>
/// <param name="prepared">What is done to a page before it is looked at.</param>
internal sealed class PageWindows(
    ImageStack stack, SampleScale scale, Func<int, IReadOnlyList<int>> neighbours, Func<Image, Image> prepared)
{
    private readonly Dictionary<int, (LoadedImage Loaded, Image Prepared)> _read = [];

    /// <summary>The page of that number as its file holds it, and in its window.</summary>
    /// <param name="page">The page.</param>
    /// <param name="later">The pages that come after it.</param>
    public (LoadedImage Loaded, PageWindow Window) At(int page, IEnumerable<int> later)
    {
        IReadOnlyList<int> numbers = neighbours(page);
        Image[] pages = [.. numbers.Select(number => Read(number).Prepared)];
        LoadedImage loaded = Read(page).Loaded;
        HashSet<int> needed = [.. later.SelectMany(neighbours)];
        foreach (int gone in _read.Keys.Where(number => !needed.Contains(number)).ToArray())
        {
            _ = _read.Remove(gone);
        }

        return (loaded, new PageWindow(pages, numbers.TakeWhile(number => number != page).Count()));
    }

    private (LoadedImage Loaded, Image Prepared) Read(int page)
    {
        if (!_read.TryGetValue(page, out (LoadedImage Loaded, Image Prepared) known))
        {
            LoadedImage loaded = stack.Read(page, scale);
            _read[page] = known = (loaded, prepared(loaded.Image));
        }

        return known;
    }
}
