using Klar.Formats.Containers;

namespace Klar.Formats.Lif;

/// <summary>
/// An image of the file: which of its dimensions are a page's columns and rows, which lead from page to page, and where
/// in its memory a sample lies. Dimensions beyond x, y, z, t and lambda (tiles, rotations) make images of their own.
/// </summary>
internal sealed class LifImage
{
    private readonly (long At, long Bytes) _memory;
    private readonly LifChannel[] _channels;
    private readonly LifDimension _columns;
    private readonly LifDimension _rows;
    private readonly LifDimension? _t;
    private readonly LifDimension? _z;
    private readonly LifDimension? _lambda;
    private readonly long _offset;
    private readonly bool _hasColours;

    private LifImage(LifHeader header, LifDimension columns, LifDimension rows, LifDimension[] rest, long offset)
    {
        (_memory, _channels, _columns, _rows, _offset) = (header.Memory, header.Channels, columns, rows, offset);
        _t = rest.FirstOrDefault(static dimension => dimension.Id == LifDimension.T);
        _z = ZOf(rest);
        _lambda = rest.FirstOrDefault(static dimension => dimension.Id == LifDimension.Lambda);
        Type = header.Type;
        _hasColours = _channels is [{ Tag: 1 }, { Tag: 2 }, { Tag: 3 }] && columns.Stride == 3L * SampleBytes;
    }

    private SampleType Type { get; }

    private int SampleBytes => ImageFile.SizeOf(Type);

    private int Colours => _hasColours ? 3 : 1;

    private int PageChannels => _hasColours ? 1 : _channels.Length;

    /// <summary>The images that a header describes, each with what it is.</summary>
    public static IEnumerable<(LifImage Image, ContainedImage Contained)> Of(LifHeader header, long fileBytes)
    {
        // The order of the scan decides what a page is: xy, or xz, or xt.
        LifDimension[] extended = [.. header.Dimensions.Where(static dimension => dimension.Count > 1)];
        LifDimension columns = extended.ElementAtOrDefault(0) ?? header.Dimensions.FirstOrDefault()
            ?? throw new BadImageFileException($"damaged: its image '{header.Name}' has no dimensions");
        LifDimension rows = extended.ElementAtOrDefault(1) ?? new LifDimension(LifDimension.Y, 1, 0, null);
        LifDimension[] rest = [.. extended.Skip(2)];
        header.RefuseBeyondMemory(fileBytes);
        LifDimension? z = ZOf(rest);
        foreach ((string suffix, long offset) in Places([.. rest.Where(one => !one.IsTimeOrLambda && one != z)]))
        {
            var image = new LifImage(header, columns, rows, rest, offset);
            yield return (image, image.Contained(header, suffix));
        }
    }

    /// <summary>A page's samples, gathered by the strides of its dimensions.</summary>
    public byte[] Page(int t, int z, int c, FileBytes file, CancellationToken cancel)
    {
        LifChannel channel = _channels[_hasColours ? 0 : c % PageChannels];
        long at = _memory.At + _offset + channel.Offset
            + (t * (_t?.Stride ?? 0)) + (z * (_z?.Stride ?? 0)) + (c / PageChannels * (_lambda?.Stride ?? 0));
        int pixelBytes = SampleBytes * Colours, rowBytes = _columns.Count * pixelBytes;
        long span = ((_columns.Count - 1) * _columns.Stride) + pixelBytes;
        byte[] page = new byte[rowBytes * _rows.Count];
        if (span == rowBytes && _rows.Stride == rowBytes)
        {
            file.Read(at, page);
            return page;
        }

        byte[] row = new byte[span];
        for (int y = 0; y < _rows.Count; y++)
        {
            cancel.ThrowIfCancellationRequested();
            file.Read(at + (y * _rows.Stride), row);
            for (int x = 0; x < _columns.Count; x++)
            {
                Span<byte> pixel = row.AsSpan((int)(x * _columns.Stride), pixelBytes);
                pixel.CopyTo(page.AsSpan((y * rowBytes) + (x * pixelBytes)));
            }
        }

        return page;
    }

    /// <summary>What it is, for the border.</summary>
    private ContainedImage Contained(LifHeader header, string suffix)
    {
        int channels = (_lambda?.Count ?? 1) * PageChannels;
        var axes = StackAxes.Of("TZC", [_t?.Count ?? 1, _z?.Count ?? 1, channels], "LIF");
        bool isSection = _columns.Id != LifDimension.X || _rows.Id is not (LifDimension.Y or LifDimension.X);
        var info = new ImageFileInfo(
            _columns.Count, _rows.Count, Colours, axes.Pages, Type, HasAlpha: false, "lif", Micrometre(_columns));
        return new ContainedImage(info, axes)
        {
            Name = header.Name + suffix,
            PixelSize = new PixelSize(Micrometre(_columns), Micrometre(_rows), _z?.Step),
            FrameSeconds = _t?.Step,
            Objective = header.Objective,
            Original = OriginalMetadata.Of("LIF", header.Xml),
            Channels = _hasColours || _lambda is not null ? [] : [.. _channels.Select(static one => one.Described)],
            Warning = isSection
                ? $"its pages are {_columns.Name}{_rows.Name} sections: their rows lie along {_rows.Name}"
                : null,
        };
    }

    private static double? Micrometre(LifDimension dimension) => dimension.Id == LifDimension.T ? null : dimension.Step;

    /// <summary>The third dimension in space, which is y where pages are xz sections.</summary>
    private static LifDimension? ZOf(LifDimension[] rest) =>
        rest.FirstOrDefault(static dimension => dimension.Id == LifDimension.Z)
        ?? rest.FirstOrDefault(static dimension => dimension.Id is LifDimension.Y or LifDimension.X);

    /// <summary>Every place along dimensions that make images of their own.</summary>
    private static IEnumerable<(string Suffix, long Offset)> Places(LifDimension[] others)
    {
        IEnumerable<(string Suffix, long Offset)> places = [(string.Empty, 0)];
        foreach (LifDimension one in others)
        {
            places = places.SelectMany(place => Enumerable.Range(0, one.Count)
                .Select(i => ($"{place.Suffix} {one.Name} {i}", place.Offset + (i * one.Stride))));
        }

        return places;
    }
}
