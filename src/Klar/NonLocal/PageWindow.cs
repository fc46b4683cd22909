namespace Klar.NonLocal;

/// <summary>
/// The page that is denoised and those that are searched beside it, as places in arrays that hold several pages one
/// after the other.
/// </summary>
/// <param name="Own">The page that is denoised.</param>
/// <param name="Others">Its neighbours, the nearest first.</param>
internal sealed record PageWindow(int Own, IReadOnlyList<int> Others)
{
    /// <summary>A page that stands alone.</summary>
    public static PageWindow Single { get; } = new(0, []);

    /// <summary>All pages of the window.</summary>
    public int Count => 1 + Others.Count;

    /// <summary>Where a page stands in the window: 0 for its own, then the others.</summary>
    public int IndexOf(int page)
    {
        for (int i = 0; i < Others.Count; i++)
        {
            if (Others[i] == page)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
