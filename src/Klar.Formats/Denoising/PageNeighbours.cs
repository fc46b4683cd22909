namespace Klar.Formats.Denoising;

/// <summary>Which pages of a stack are a page's neighbours: those along one axis, at the same place on all others.</summary>
internal static class PageNeighbours
{
    /// <summary>The numbers of the page and of up to <paramref name="reach"/> neighbours on each side, in order.</summary>
    /// <param name="axes">The stack's axes.</param>
    /// <param name="axis">The axis along which pages are neighbours.</param>
    /// <param name="page">The page.</param>
    /// <param name="reach">How many neighbours on each side.</param>
    public static IReadOnlyList<int> Along(StackAxes axes, char axis, int page, int reach)
    {
        (int place, int size, int step) = (axes.PlaceOf(page, axis), axes.SizeOf(axis), axes.StepOf(axis));
        int first = Math.Max(0, place - reach), last = Math.Min(size - 1, place + reach);
        return [.. Enumerable.Range(first, last - first + 1).Select(other => page + ((other - place) * step))];
    }
}
