using System.Globalization;

namespace Klar.Formats;

/// <summary>
/// What a file's pages are: frames (T), slices (Z), channels (C), or just pages (I) where nothing says so.
/// </summary>
/// <param name="Order">
/// The letters of the axes along which pages follow each other, the slowest first; empty for one page.
/// </param>
/// <param name="Sizes">How many there are along each.</param>
/// <param name="Source">Who says so: OME-XML, ImageJ, --axes, or the file format alone.</param>
public sealed record StackAxes(string Order, IReadOnlyList<int> Sizes, string Source)
{
    /// <summary>The axis of pages of which nothing is known.</summary>
    public const char Unknown = 'I';

    /// <summary>Pages in all.</summary>
    public int Pages => Sizes.Aggregate(1, static (product, size) => product * size);

    /// <summary>Whether nothing says what the pages are.</summary>
    public bool IsUnknown => Order.Contains(Unknown, StringComparison.Ordinal);

    /// <summary>How many there are along an axis; 1 where the file does not have it.</summary>
    public int SizeOf(char axis) => Order.IndexOf(axis, StringComparison.Ordinal) is >= 0 and int at ? Sizes[at] : 1;

    /// <summary>Where a page stands along an axis, from 0.</summary>
    public int PlaceOf(int page, char axis)
    {
        int place = 0, rest = page;
        for (int i = Order.Length - 1; i >= 0; i--)
        {
            place = Order[i] == axis ? rest % Sizes[i] : place;
            rest /= Sizes[i];
        }

        return place;
    }

    /// <summary>By how much the numbers of pages differ that are next to each other along an axis.</summary>
    internal int StepOf(char axis) => Order.IndexOf(axis, StringComparison.Ordinal) is >= 0 and int at
        ? Sizes.Skip(at + 1).Aggregate(1, static (product, size) => product * size)
        : 1;

    /// <summary>For example <c>T=10 Z=5 C=2</c>.</summary>
    public override string ToString() =>
        string.Join(' ', Order.Select((axis, i) => string.Create(CultureInfo.InvariantCulture, $"{axis}={Sizes[i]}")));

    /// <summary>Axes with those of one place left out.</summary>
    internal static StackAxes Of(string order, IEnumerable<int> sizes, string source)
    {
        (char Axis, int Size)[] axes = [.. order.Zip(sizes).Where(static axis => axis.Second > 1)];
        return new StackAxes(
            new string([.. axes.Select(static axis => axis.Axis)]), [.. axes.Select(static axis => axis.Size)], source);
    }

    /// <summary>Pages of which nothing is known.</summary>
    internal static StackAxes Plain(int pages, string format) => Of("I", [pages], format);

    /// <summary>
    /// The axes that a user names: letters of T, Z, C and I with YX behind, the slowest first, as <c>TZCYX</c>; sizes
    /// behind the letters where they cannot be known, as <c>T10Z5YX</c>.
    /// </summary>
    /// <exception cref="ArgumentException">They do not fit the file's pages; the message says why.</exception>
    public StackAxes Named(string axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        string order = string.Empty, ofPage = string.Empty;
        var sizes = new List<int>();
        for (int i = 0; i < axes.Length; i++)
        {
            char axis = char.ToUpperInvariant(axes[i]);
            int digits = axes.AsSpan(i + 1).IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? axes.Length - i - 1 : digits;
            int size = digits > 0 && int.TryParse(
                axes.AsSpan(i + 1, digits), NumberStyles.None, CultureInfo.InvariantCulture,
                out int stated) ? stated : 0;
            if (digits > 0 && size == 0)
            {
                throw new ArgumentException($"axes {axes}: {axis}{axes.AsSpan(i + 1, digits)} is no size of an axis");
            }

            i += digits;
            if (axis is 'Y' or 'X' or 'S' && size == 0)
            {
                ofPage += axis == 'S' ? string.Empty : axis;
                continue;
            }

            if (axis is not ('T' or 'Z' or 'C' or Unknown)
                || order.Contains(axis, StringComparison.Ordinal)
                || ofPage.Length > 0)
            {
                throw new ArgumentException(
                    $"axes {axes}: letters of T, Z, C, each once, and YX behind them, as TZCYX or T10Z5YX");
            }

            order += axis;
            sizes.Add(size);
        }

        if (ofPage is not ("" or "YX"))
        {
            throw new ArgumentException($"axes {axes}: a page's own axes are YX, at the end, as TZCYX or T10Z5YX");
        }

        Complete(axes, order, sizes);
        return sizes.Aggregate(1L, static (product, size) => product * size) == Pages
            ? Of(order, sizes, "--axes")
            : throw new ArgumentException($"axes {axes}: the file has {Pages} pages, not {string.Join(" x ", sizes)}");
    }

    /// <summary>Sizes that were not stated: the file's own in their order, or what is left for a single one.</summary>
    private void Complete(string axes, string order, List<int> sizes)
    {
        int open = sizes.Count(static size => size == 0);
        long known = sizes.Where(static size => size > 0).Aggregate(1L, static (product, size) => product * size);
        if (open == 1 && Pages % Math.Max(1, known) == 0)
        {
            sizes[sizes.IndexOf(0)] = (int)(Pages / Math.Max(1, known));
        }
        else if (open > 0 && open == sizes.Count && open == Order.Length)
        {
            for (int i = 0; i < sizes.Count; i++)
            {
                // The same axes in another order keep their sizes; others take them over place by place.
                sizes[i] = order.Order().SequenceEqual(Order.Order()) ? SizeOf(order[i]) : Sizes[i];
            }
        }
        else if (open > 0)
        {
            throw new ArgumentException(
                $"axes {axes}: how the {Pages} pages are divided is not known; state the sizes, as T10Z5YX");
        }
    }
}
