using Klar.Formats.Containers;

namespace Klar.Formats.Czi;

/// <summary>The tiles of one image: where they lie, and which of them make a page.</summary>
internal sealed class Mosaic
{
    // Tiles of a scene may lie far apart; damaged coordinates put them much farther.
    private const int MaxEmptiness = 64;

    private readonly int[] _frames;
    private readonly int[] _slices;
    private readonly Dictionary<(int T, int Z, int C), SubBlock[]> _tiles;
    private readonly (int X, int Y) _origin;

    /// <param name="tiles">The tiles.</param>
    /// <param name="fileBytes">Bytes of the file that holds them.</param>
    public Mosaic(IReadOnlyList<SubBlock> tiles, long fileBytes)
    {
        First = tiles[0];
        foreach (SubBlock tile in tiles)
        {
            Check(tile, fileBytes);
        }

        _frames = Places(tiles, static tile => tile.T);
        _slices = Places(tiles, static tile => tile.Z);
        ChannelNumbers = Places(tiles, static tile => tile.C);
        _tiles = tiles.GroupBy(static tile => (tile.T, tile.Z, tile.C))
            .ToDictionary(static page => page.Key, static page => page.OrderBy(static tile => tile.M).ToArray());
        Axes = AxesOf(_frames.LongLength, _slices.LongLength, ChannelNumbers.Count, _tiles.Count);

        _origin = (tiles.Min(static tile => tile.X), tiles.Min(static tile => tile.Y));
        long width = tiles.Max(static tile => tile.X + (long)tile.Width) - _origin.X;
        long height = tiles.Max(static tile => tile.Y + (long)tile.Height) - _origin.Y;
        long largest = _tiles.Values.Max(static page => page.Sum(static tile => (long)tile.Width * tile.Height));
        Int128 area = (Int128)width * height;
        if (area > (Int128)largest * MaxEmptiness || area * PixelBytes > Array.MaxLength)
        {
            throw new BadImageFileException($"damaged or too large: its tiles would make a page of {width} x {height}");
        }

        (Width, Height) = ((int)width, (int)height);
        Warning = CziPixels.Refusal(First.Compression) ?? EmptyPages(Axes.Pages - _tiles.Count);
    }

    /// <summary>One of the tiles; all are alike.</summary>
    public SubBlock First { get; }

    /// <summary>Pixels in a row of a page.</summary>
    public int Width { get; }

    /// <summary>Rows of a page.</summary>
    public int Height { get; }

    /// <summary>What the pages are.</summary>
    public StackAxes Axes { get; }

    /// <summary>The numbers that the channels have in the file.</summary>
    public IReadOnlyList<int> ChannelNumbers { get; }

    /// <summary>What is not as it should be, in a line; null for nothing.</summary>
    public string? Warning { get; }

    private int PixelBytes => First.Kind.Channels * ImageFile.SizeOf(First.Kind.Type);

    /// <summary>A page; black where no tile lies. Tiles with a greater M are painted over the others.</summary>
    public RawSamples Page(int page, CziSegments segments, CancellationToken cancel)
    {
        (int t, int z) = (_frames[Axes.PlaceOf(page, 'T')], _slices[Axes.PlaceOf(page, 'Z')]);
        SubBlock[] tiles = _tiles.GetValueOrDefault((t, z, ChannelNumbers[Axes.PlaceOf(page, 'C')]), []);
        byte[]? samples = null;
        foreach (SubBlock tile in tiles)
        {
            cancel.ThrowIfCancellationRequested();
            byte[] pixels = CziPixels.Decoded(segments.Pixels(tile), tile);
            if (tiles.Length == 1 && pixels.Length == (long)Width * Height * PixelBytes)
            {
                samples = pixels;
                break;
            }

            samples ??= new byte[Width * Height * PixelBytes];
            Paint(tile, pixels, samples);
        }

        samples ??= new byte[Width * Height * PixelBytes];
        ByteOrder.ToMachine(samples, ImageFile.SizeOf(First.Kind.Type), bigEndian: false);
        return new RawSamples(samples, First.Kind.Type, First.Kind.Channels);
    }

    private void Paint(SubBlock tile, byte[] pixels, byte[] to)
    {
        int row = tile.Width * PixelBytes, left = (tile.X - _origin.X) * PixelBytes;
        for (int y = 0; y < tile.Height; y++)
        {
            int line = tile.Y - _origin.Y + y;
            pixels.AsSpan(y * row, row).CopyTo(to.AsSpan((line * Width * PixelBytes) + left));
        }
    }

    private void Check(SubBlock tile, long fileBytes)
    {
        if (tile.PixelType != First.PixelType)
        {
            throw new BadImageFileException(
                $"its channels are {First.PixelType} and {tile.PixelType}: save them as files of their own");
        }

        // What is not compressed cannot be larger than the file.
        long limit = tile.Compression == CziCompression.None ? fileBytes : Array.MaxLength;
        if (tile.Width <= 0 || tile.Height <= 0 || tile.PixelBytes > limit)
        {
            throw new BadImageFileException($"damaged: a tile would have {tile.Width} x {tile.Height} pixels");
        }

        if (tile.FilePart != 0)
        {
            throw new BadImageFileException("it is one of several files: save it as a single one in ZEN");
        }
    }

    private static StackAxes AxesOf(long frames, long slices, long channels, int pages) =>
        frames * slices * channels > (long)pages * MaxEmptiness
            ? throw new BadImageFileException("damaged: most of its pages are missing")
            : StackAxes.Of("TZC", [(int)frames, (int)slices, (int)channels], "CZI");

    private static string? EmptyPages(int count) =>
        count > 0 ? $"{count} of its pages are not in the file: they are black" : null;

    private static int[] Places(IEnumerable<SubBlock> tiles, Func<SubBlock, int> of) =>
        [.. tiles.Select(of).Distinct().Order()];
}
