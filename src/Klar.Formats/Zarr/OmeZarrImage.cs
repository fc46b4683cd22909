using System.Globalization;
using System.Text.Json;
using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>An image of OME-Zarr: the first array of its "multiscales", whose last two dimensions are a page.</summary>
/// <remarks>OME-NGFF 0.4, https://ngff.openmicroscopy.org/0.4.</remarks>
internal sealed class OmeZarrImage
{
    // Chunks that span several pages are decompressed once and kept for the next page, if they are not too many.
    private const long KeptBytes = 1 << 26;

    private static readonly string[] Usual = ["t", "c", "z", "y", "x"];

    private readonly ZarrArray _array;
    private readonly string[] _axes;
    private readonly Dictionary<string, byte[]?> _kept = [];

    /// <param name="store">Where its files are.</param>
    /// <param name="path">Its folder; empty for the root.</param>
    /// <param name="name">What it is called; empty for its own name.</param>
    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public OmeZarrImage(IZarrStore store, string path, string name)
    {
        JsonElement attributes = ZarrJson.Attributes(store, path)
            ?? throw new BadImageFileException("damaged: it has no attributes where some should be");
        JsonElement scales = attributes.Get("multiscales").Items().FirstOrDefault();
        JsonElement level = scales.Get("datasets").Items().FirstOrDefault();
        string array = level.Get("path").Text()
            ?? throw new BadImageFileException("damaged: its multiscales name no array");
        if (!ZarrPath.IsBelow(array))
        {
            throw new BadImageFileException("damaged: its array lies outside of its folder");
        }

        _array = new ZarrArray(store, ZarrPath.Join(path, array));
        _axes = AxesOf(scales.Get("axes").Items(), Shape.Length);
        string stated = scales.Get("name").Text() ?? string.Empty;
        Contained = Described(name.Length > 0 ? name : stated, scales, level, attributes) with
        {
            ZarrVersion = store.Has(ZarrPath.Folder(path) + ZarrVersion3.File)
                ? OmeZarrVersion.V05
                : OmeZarrVersion.V04,
        };
    }

    /// <summary>What it is.</summary>
    public ContainedImage Contained { get; }

    private int[] Shape => _array.Layout.Shape;

    private int[] Chunks => _array.Layout.Chunks;

    private int Width => Shape[^1];

    private int Height => Shape[^2];

    /// <summary>Whether a folder is an image.</summary>
    public static bool IsAt(IZarrStore store, string path) =>
        ZarrJson.Attributes(store, path).Get("multiscales").Items().Any();

    /// <summary>A page's samples, put together from its chunks.</summary>
    public RawSamples Page(int page, CancellationToken cancel)
    {
        int[] place = [.. _axes.SkipLast(2).Select(axis => Contained.Axes.PlaceOf(page, Letter(axis)))];
        byte[] samples = new byte[(long)Width * Height * _array.Layout.SampleBytes];
        _array.Fill(samples);
        int[] chunk = [.. place.Select((i, dimension) => i / Chunks[dimension])];
        long inside = place.Select((i, dimension) => i % Chunks[dimension] * _array.StrideOf(dimension)).Sum();
        (int chunkHeight, int chunkWidth) = (Chunks[^2], Chunks[^1]);
        for (int y = 0; y < Height; y += chunkHeight)
        {
            for (int x = 0; x < Width; x += chunkWidth)
            {
                cancel.ThrowIfCancellationRequested();
                if (Chunk([.. chunk, y / chunkHeight, x / chunkWidth]) is { } part)
                {
                    Paint(part.AsSpan((int)inside), samples, x, y);
                }
            }
        }

        return new RawSamples(samples, _array.Layout.Type, 1);
    }

    private void Paint(ReadOnlySpan<byte> part, Span<byte> samples, int left, int top)
    {
        int size = _array.Layout.SampleBytes, columns = Math.Min(Chunks[^1], Width - left);
        (long row, long column) = (_array.StrideOf(Shape.Length - 2), _array.StrideOf(Shape.Length - 1));
        for (int y = 0; y < Math.Min(Chunks[^2], Height - top); y++)
        {
            Span<byte> to = samples.Slice((int)((((long)top + y) * Width) + left) * size, columns * size);
            if (column == size)
            {
                part.Slice((int)(y * row), to.Length).CopyTo(to);
                continue;
            }

            for (int x = 0; x < columns; x++)
            {
                part.Slice((int)((y * row) + (x * column)), size).CopyTo(to[(x * size)..]);
            }
        }
    }

    private byte[]? Chunk(int[] place)
    {
        string key = string.Join('.', place);
        if (_kept.TryGetValue(key, out byte[]? kept))
        {
            return kept;
        }

        bool spansPages = Chunks.SkipLast(2).Any(static size => size > 1);
        if (_kept.Count >= Math.Max(1, KeptBytes / _array.Layout.ChunkBytes))
        {
            _kept.Clear();
        }

        byte[]? read = _array.Chunk(place);
        if (spansPages)
        {
            _kept[key] = read;
        }

        return read;
    }

    private ContainedImage Described(string name, JsonElement scales, JsonElement level, JsonElement attributes)
    {
        if ((Int128)Width * Height * _array.Layout.SampleBytes > Array.MaxLength)
        {
            throw new BadImageFileException($"damaged or too large: a page of it would be {Width} x {Height}");
        }

        string letters = string.Concat(_axes.SkipLast(2).Select(Letter));
        int[] sizes = Shape[..^2];
        if (sizes.Aggregate(1L, static (product, size) => Math.Min(int.MaxValue, product * size)) == int.MaxValue)
        {
            throw new BadImageFileException("damaged: it would have too many pages");
        }

        var axes = StackAxes.Of(letters, sizes, "OME-Zarr");
        double?[] distances = [.. Enumerable.Range(0, _axes.Length).Select(i => Distance(i, scales, level))];
        double? Along(string axis) =>
            Array.IndexOf(_axes, axis) is >= 0 and int at ? PixelSize.Usable(distances[at]) : null;
        var size = new PixelSize(Along("x"), Along("y"), Along("z"));
        int pages = axes.Pages;
        var info = new ImageFileInfo(Width, Height, 1, pages, _array.Layout.Type, false, "zarr", size.X);
        return new ContainedImage(info, axes)
        {
            Name = name,
            PixelSize = size,
            FrameSeconds = Along("t"),
            Channels = [.. attributes.Get("omero")?.Get("channels").Items().Select(Channel) ?? []],
        };
    }

    /// <summary>The distance of samples in micrometres or seconds: the scale of the array times that of all.</summary>
    private static double? Distance(int axis, JsonElement scales, JsonElement level)
    {
        string? unit = scales.Get("axes").Items().ElementAtOrDefault(axis).Get("unit").Text();
        double? inUnit = unit switch
        {
            "micrometer" or "second" => 1,
            "nanometer" or "millisecond" => 1e-3,
            "millimeter" => 1e3,
            "angstrom" => 1e-4,
            "meter" => 1e6,
            "minute" => 60,
            _ => null,
        };
        return Scale(level, axis) * (Scale(scales, axis) ?? 1) * inUnit;
    }

    private static double? Scale(JsonElement of, int axis)
    {
        JsonElement? scale = of.Get("coordinateTransformations").Items()
            .FirstOrDefault(static one => one.Get("type").Text() == "scale").Get("scale");
        JsonElement factor = scale.Items().ElementAtOrDefault(axis);
        return factor.ValueKind == JsonValueKind.Number ? factor.GetDouble() : null;
    }

    private static ImageChannel Channel(JsonElement channel)
    {
        string? colour = channel.Get("color").Text();
        bool isColour =
            uint.TryParse(colour, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb);
        return new ImageChannel
        {
            Name = channel.Get("label").Text() is { Length: > 0 } label ? label : null,
            Colour = isColour && colour!.Length == 6 ? ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb) : null,
        };
    }

    /// <summary>
    /// The names of the axes, or t, c and z by their types; of files without them, as before 0.4, always t, c, z, y, x.
    /// </summary>
    private static string[] AxesOf(IEnumerable<JsonElement> stated, int dimensions)
    {
        string[] names = [.. stated.Select(NameOf)];
        if (names.Length == 0 && dimensions <= Usual.Length)
        {
            names = [.. Usual.TakeLast(dimensions)];
        }

        bool known = names is [.., "y", "x"] && names.SkipLast(2).All(static axis => axis is "t" or "c" or "z");
        return known && names.Length == dimensions && names.Distinct().Count() == dimensions
            ? names
            : throw new BadImageFileException(
                $"its axes are '{string.Concat(names)}', and Klar reads t, c and z with y and x behind them");
    }

    private static string NameOf(JsonElement axis)
    {
        string name = (axis.Get("name").Text() ?? axis.ToString()).ToLowerInvariant();
        return Usual.Contains(name) ? name : axis.Get("type").Text() switch
        {
            "time" => "t",
            "channel" => "c",
            _ => name,
        };
    }

    private static char Letter(string axis) => char.ToUpperInvariant(axis[0]);
}
