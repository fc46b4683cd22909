using Klar.Imaging;

namespace Klar.Stacks;

/// <summary>
/// A page of a stack with its neighbours at hand: pages of the same channel that follow each other, in the stack's
/// scale. At the ends of a stack there are fewer on one side.
/// </summary>
public sealed record PageWindow
{
    /// <param name="pages">The pages, in the stack's order.</param>
    /// <param name="centre">Which of them is to be denoised, from 0.</param>
    public PageWindow(IReadOnlyList<Image> pages, int centre)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)centre, (uint)pages.Count);
        (Pages, Centre) = (pages, centre);
    }

    /// <summary>The pages, in the stack's order.</summary>
    public IReadOnlyList<Image> Pages { get; }

    /// <summary>Which of them is to be denoised, from 0.</summary>
    public int Centre { get; }

    /// <summary>The page to be denoised.</summary>
    public Image Page => Pages[Centre];
}
