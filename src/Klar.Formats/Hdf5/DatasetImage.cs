using Klar.Formats.Containers;
using PureHDF;

namespace Klar.Formats.Hdf5;

/// <summary>A dataset of numbers in two or more dimensions, of which the last two are a page.</summary>
/// <remarks>
/// What the others are, labels of dimensions say (t, c, z), as the HDF5 dimension scales have them; else nothing is
/// known of the pages. "element_size_um" (z, y, x) is what ImageJ's HDF5 plug-ins and ilastik write.
/// </remarks>
internal sealed class DatasetImage : IHdf5Image
{
    private const int MaxDatasets = 10_000;
    private const int MaxDepth = 32;

    private readonly Hdf5Pages _pages;

    private DatasetImage(IH5Dataset dataset, string path)
    {
        _pages = new Hdf5Pages(dataset);
        int[] shape = [.. _pages.Shape.Select(static size => checked((int)size))];
        int[] before = shape[..^2];
        if (before.Aggregate(1L, static (product, size) => Math.Min(int.MaxValue, product * size)) == int.MaxValue)
        {
            throw new BadImageFileException($"{path}: it would have too many pages");
        }

        var axes = AxesOf(dataset.Texts("DIMENSION_LABELS"), before);
        double[] size = dataset.Numbers("element_size_um");
        double? Size(int fromEnd) => size.Length >= fromEnd ? PixelSize.Usable(size[^fromEnd]) : null;
        var info = new ImageFileInfo(shape[^1], shape[^2], 1, axes.Pages, _pages.Type, false, "hdf5", Size(1));
        Contained = new ContainedImage(info, axes)
        {
            Name = path,
            PixelSize = new PixelSize(Size(1), Size(2), Size(3)),
        };
    }

    /// <inheritdoc/>
    public ContainedImage Contained { get; }

    /// <summary>The datasets below a group that are images, with their paths as names.</summary>
    public static IReadOnlyList<DatasetImage> All(IH5Group root)
    {
        var found = new List<DatasetImage>();
        Find(root, string.Empty, [], found);
        return found;
    }

    /// <inheritdoc/>
    public RawSamples Read(int page)
    {
        var place = new Stack<ulong>();
        ulong rest = (ulong)page;
        foreach (ulong size in _pages.Shape[..^2].Reverse())
        {
            place.Push(rest % size);
            rest /= size;
        }

        return _pages.Read([.. place], Contained.Info.Width, Contained.Info.Height);
    }

    /// <param name="group">A group.</param>
    /// <param name="path">Its path.</param>
    /// <param name="above">The names in each group above it.</param>
    /// <param name="found">Gets the images.</param>
    private static void Find(IH5Group group, string path, IReadOnlyList<string> above, List<DatasetImage> found)
    {
        IH5Object[] children = [.. group.Children()];
        string names = string.Join('/', children.Select(static child => child.Name));

        // A group that holds the same as one above it is that one, to which a link leads.
        if (above.Contains(names) || above.Count > MaxDepth)
        {
            return;
        }

        foreach (IH5Object child in children)
        {
            string name = $"{path}/{child.Name}";
            if (child is IH5Group below)
            {
                Find(below, name, [.. above, names], found);
            }
            else if (found.Count < MaxDatasets && child is IH5Dataset dataset && IsImage(dataset))
            {
                found.Add(new DatasetImage(dataset, name));
            }
        }
    }

    private static bool IsImage(IH5Dataset dataset) =>
        dataset.Space.Rank >= 2
        && dataset.Space.Dimensions.All(static size => size is > 0 and <= int.MaxValue)
        && Hdf5Pages.TypeOf(dataset) is not null;

    private static StackAxes AxesOf(string[] labels, int[] before)
    {
        string letters = string.Concat(labels.Select(static label => label.Trim().ToUpperInvariant()));
        bool known = letters.Length == before.Length + 2
            && letters.EndsWith("YX", StringComparison.Ordinal)
            && letters[..^2].All("TCZ".Contains)
            && letters.Distinct().Count() == letters.Length;
        return known
            ? StackAxes.Of(letters[..^2], before, "HDF5")
            : StackAxes.Plain(before.Aggregate(1, static (product, size) => product * size), "hdf5");
    }
}
