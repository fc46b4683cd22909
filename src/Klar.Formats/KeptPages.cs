namespace Klar.Formats;

/// <summary>Pages of a stack that are kept, the others left out.</summary>
/// <param name="Axes">What the stack's pages are.</param>
/// <param name="Pages">The numbers of those that are kept.</param>
internal sealed record KeptPages(StackAxes Axes, IReadOnlyList<int> Pages)
{
    /// <summary>The places along an axis at which there are kept pages, in order.</summary>
    public IReadOnlyList<int> Places(char axis) =>
        [.. Pages.Select(page => Axes.PlaceOf(page, axis)).Distinct().Order()];

    /// <summary>Where a page comes to stand; below 0 where it is left out.</summary>
    public int PlaceOfPage(int page)
    {
        for (int i = 0; i < Pages.Count; i++)
        {
            if (Pages[i] == page)
            {
                return i;
            }
        }

        return -1;
    }
}
