using Klar.Formats.Containers;

namespace Klar.Formats.Mrc;

/// <summary>
/// An MRC file, as electron microscopes write it: header, extended header, one section after another.
/// </summary>
internal sealed class MrcFile : IImageContainer
{
    private const int HalfFloats = 12;
    private const int MaxExtendedHeader = 1 << 24;

    private readonly FileBytes _file;
    private readonly MrcHeader _header;
    private readonly int _pageBytes;

    public MrcFile(FileBytes file, MrcHeader header)
    {
        (_file, _header) = (file, header);
        SampleType type = header.Type
            ?? throw new BadImageFileException($"its samples are {WordsOf(header.Mode)}, which Klar does not read");
        (int columns, int rows, int sections) = header.Size;
        if (columns <= 0 || rows <= 0 || sections <= 0
            || (Int128)columns * rows * header.SampleBytes * 2 > Array.MaxLength)
        {
            throw new BadImageFileException($"damaged, its size would be {columns} x {rows} x {sections}");
        }

        _pageBytes = columns * rows * header.SampleBytes;
        if (!file.Has(header.SamplesAt, (long)_pageBytes * sections))
        {
            long there = Math.Max(0, (file.Length - header.SamplesAt) / _pageBytes);
            throw new BadImageFileException($"truncated (section {there + 1} of {sections} is missing)");
        }

        var info = new ImageFileInfo(columns, rows, 1, sections, type, HasAlpha: false, "mrc", header.PixelSize.X);
        Images =
        [
            new ContainedImage(info, header.Axes)
            {
                PixelSize = header.PixelSize,
                Original = OriginalMetadata.Of("MRC", header.Fields.Concat(ExtendedHeader())),
                Warning = header.Mode == HalfFloats
                    ? "its floating-point numbers of 16 bits are written as those of 32 bits, with the same values"
                    : null,
            },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel)
    {
        byte[] bytes = _file.Read(_header.SamplesAt + ((long)page * _pageBytes), _pageBytes);
        ByteOrder.ToMachine(bytes, _header.SampleBytes, _header.BigEndian);
        bytes = _header.Mode == HalfFloats ? PackedSamples.Widened(bytes) : bytes;
        return new RawSamples(bytes, _header.Type!.Value, 1);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The extended header, whose meaning depends on who wrote it, as text.</summary>
    private IEnumerable<KeyValuePair<string, string>> ExtendedHeader() =>
        _header.ExtendedBytes is > 0 and <= MaxExtendedHeader
            ? [new(
                "EXTENDED HEADER (base64)", Convert.ToBase64String(_file.Read(MrcHeader.Bytes, _header.ExtendedBytes)))]
            : [];

    private static string WordsOf(int mode) => mode switch
    {
        3 or 4 => "complex numbers",
        16 => "colours",
        101 => "whole numbers of 4 bits",
        _ => $"of the unknown mode {mode}",
    };
}
