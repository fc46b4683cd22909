using System.Globalization;

namespace Klar.Formats.Denoising;

/// <summary>What <c>--axes</c> and <c>--select</c> make of a stack: its axes, and the pages that are wanted.</summary>
internal static class PageSelection
{
    /// <summary>The file's axes, or those that the user names.</summary>
    /// <exception cref="InvalidRequestException">They do not fit the file.</exception>
    public static StackAxes Axes(ImageStack stack, string? named)
    {
        try
        {
            return named is null ? stack.Axes : stack.Axes.Named(named);
        }
        catch (ArgumentException failure)
        {
            throw new InvalidRequestException($"--{failure.Message}");
        }
    }

    /// <summary>
    /// The pages that are in all of the selections, for example <c>c=0,2</c> and <c>z=3-8</c>; places count from 0.
    /// </summary>
    /// <exception cref="InvalidRequestException">A selection makes no sense, or leaves no page.</exception>
    public static IReadOnlyList<int> Pages(StackAxes axes, IReadOnlyCollection<string> selections)
    {
        IEnumerable<int> pages = Enumerable.Range(0, axes.Pages);
        foreach (string selection in selections)
        {
            string[] sides = selection.Split('=');
            char axis = sides.Length == 2 && sides[0].Length == 1 ? char.ToUpperInvariant(sides[0][0]) : '?';
            if (!axes.Order.Contains(axis, StringComparison.Ordinal))
            {
                string has = axes.Order.Length == 0 ? "one page"
                    : axes.IsUnknown ? $"{axes} pages of which it does not say what they are (--axes names them)"
                    : axes.ToString();
                throw new InvalidRequestException(
                    $"--select {selection}: write AXIS=PLACES, for example c=0,2 or z=3-8; the file has {has}");
            }

            HashSet<int> places =
                [.. sides[1].Split(',').SelectMany(part => Places(part, selection, axes.SizeOf(axis)))];
            pages = pages.Where(page => places.Contains(axes.PlaceOf(page, axis)));
        }

        return [.. pages];
    }

    private static IEnumerable<int> Places(string part, string selection, int size)
    {
        string[] ends = part.Split('-');
        if (ends.Length is 1 or 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last) && first <= last)
        {
            return last < size
                ? Enumerable.Range(first, last - first + 1)
                : throw new InvalidRequestException($"--select {selection}: there are {size}, counted from 0");
        }

        throw new InvalidRequestException(
            $"--select {selection}: places are numbers or ranges, for example 0,2 or 3-8");
    }
}
