using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>
/// The pages of a TIFF file, one after the other through LibTiff: their tags, and the samples of those that are plain. What is compressed in other ways, or of
/// unusual colour, libvips decodes.
/// </summary>
internal sealed class TiffPages : IDisposable
{
    // Strips of more bytes are decoded row by row, so that a page of one strip can be given up on its way.
    private const int MaxStripAtOnce = 1 << 24;

    private readonly Tiff _tiff;
    private readonly string _path;
    private readonly long _length;
    private readonly TiffDirectories _directories;
    private readonly bool _palettesAreScales;
    private int _at;

    private TiffPages(Tiff tiff, TiffDirectories directories, string path)
    {
        (_tiff, _directories, _path, _length) = (tiff, directories, path, FileName.LengthOf(path));
        if (directories.Count == 0)
        {
            throw new BadImageFileException("damaged TIFF: it has no page");
        }

        // One answer for all pages, of which ImageJ describes the first alone.
        var imageJ = ImageJDescription.Of(TiffTags.DescriptionOf(tiff));
        _palettesAreScales = imageJ is not null || (TiffTags.ColoursOf(tiff) is { } map && ColourMap.IsScale(map));
        First = Tags(0);

        // Stacks that do not fit classic TIFF ImageJ writes with one directory, the pages behind each other.
        IsContiguous = directories.Count == 1
            && imageJ is { Images: > 1 }
            && First.Compression == Compression.NONE
            && !tiff.IsTiled()
            && IsPlain
            && First.Stored is { ArePacked: false, AreHalves: false };
        Count = IsContiguous ? imageJ!.Images : directories.Count;
    }

    /// <summary>Pages.</summary>
    public int Count { get; }

    /// <summary>The tags of the first page.</summary>
    public TiffTags First { get; }

    /// <summary>Whether pages lie behind the first without directories.</summary>
    public bool IsContiguous { get; }

    /// <summary>Whether the file's numbers begin with their high byte.</summary>
    public bool BigEndian => _tiff.IsBigEndian();

    /// <summary>Whether offsets have 64 bits.</summary>
    public bool BigTiff => TiffHeader.IsBig(_path);

    /// <summary>Whether the file has pictures that are neither pages nor smaller copies of them.</summary>
    public bool HasOtherPictures => _directories.HaveOtherPictures;

    private bool IsLookUpTable =>
        _palettesAreScales
            && Number(TiffTag.PHOTOMETRIC, 1) == (int)Photometric.PALETTE
            && Number(TiffTag.SAMPLESPERPIXEL, 1) == 1
            && TiffTags.ColoursOf(_tiff) is not null;

    /// <summary>What this file can hold, packed as the page is; a header that promises more is wrong.</summary>
    private long MaxBytes => (1 << 20) + (_length * (Compression)Number(TiffTag.COMPRESSION, 1) switch
    {
        Compression.NONE => 1,
        Compression.PACKBITS => 64,
        Compression.DEFLATE or Compression.ADOBE_DEFLATE => 1100,
        _ => 4096,
    });

    private bool IsZstd => (Compression)Number(TiffTag.COMPRESSION, 1) == ZstdStrips.Zstd;

    /// <summary>Whether the page's samples can be read here.</summary>
    private bool IsPlain =>
        StoredSamples.Of(_tiff) is { Type: not null } stored
        && (Compression)Number(TiffTag.COMPRESSION, 1) switch
        {
            Compression.NONE or Compression.LZW or Compression.DEFLATE or Compression.ADOBE_DEFLATE
                or Compression.PACKBITS or ZstdStrips.Zstd => true,
            Compression.CCITTRLE or Compression.CCITT_T4 or Compression.CCITT_T6 => stored.Bits == 1,
            _ => false,
        }
        && (Photometric)Number(TiffTag.PHOTOMETRIC, 1) switch
        {
            Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.MASK or Photometric.RGB
                or Photometric.SEPARATED => true,
            Photometric.CIELAB or Photometric.ICCLAB or Photometric.ITULAB => Number(TiffTag.SAMPLESPERPIXEL, 1) == 3,
            Photometric.YCBCR => Number(TiffTag.SAMPLESPERPIXEL, 1) == 3
                && _tiff.GetFieldDefaulted(TiffTag.YCBCRSUBSAMPLING) is [var across, var down]
                && (across.ToInt(), down.ToInt()) == (1, 1),
            _ => IsLookUpTable,
        };

    /// <summary>The file's pages; null where it is no TIFF file, or one that LibTiff does not open.</summary>
    /// <exception cref="BadImageFileException">Pages are missing.</exception>
    /// <param name="path">The file.</param>
    /// <param name="seen">How LibTiff is to see it; null for as it is.</param>
    public static TiffPages? Open(string path, TiffStream? seen = null)
    {
        TiffTags.Ensure();
        if (!TiffHeader.Is(path) || TiffDirectories.Of(path) is not { } directories)
        {
            return null;
        }

        Tiff? tiff = null;
        try
        {
            // c: strips as the file has them, and not cut in smaller ones.
            tiff = seen is null ? Tiff.Open(path, "rc") : Tiff.ClientOpen(path, "rc", File.OpenRead(path), seen);
            return tiff is null ? null : new TiffPages(tiff, directories, path);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            // A header that LibTiff stumbles over is libvips' to judge.
            tiff?.Dispose();
            return null;
        }
    }

    /// <summary>The smaller copies of a page; null where there are none.</summary>
    public TiffPyramid? PyramidOf(int page) => IsContiguous ? null : _directories.PyramidOf(page);

    /// <summary>The number of a page among all of the file's directories, as libvips counts them.</summary>
    public int DirectoryOf(int page) => IsContiguous ? 0 : _directories.NumberOf(page);

    /// <summary>The tags of a page.</summary>
    public TiffTags TagsOf(int page) => Guarded(page, () => page == 0 || IsContiguous ? First : Tags(page));

    /// <summary>What a page holds; null where it is libvips' to say.</summary>
    public ImageFileInfo? InfoOf(int page) => Guarded(page, () =>
    {
        if (!IsPlain)
        {
            return null;
        }

        int bands = Number(TiffTag.SAMPLESPERPIXEL, 1);
        bool alpha = HasAlpha(bands);
        return new ImageFileInfo(
            Number(TiffTag.IMAGEWIDTH, 0), Number(TiffTag.IMAGELENGTH, 0), bands - (alpha ? 1 : 0), Count,
            StoredSamples.Of(_tiff).Type!.Value, alpha, "tiff", null);
    });

    /// <summary>A page's samples, channels interleaved; null where it is libvips' to decode.</summary>
    public RawSamples? Read(int page, CancellationToken cancel = default) => Guarded(page, () =>
    {
        if (!IsPlain)
        {
            return null;
        }

        (int width, int height, int bands) = (Number(TiffTag.IMAGEWIDTH, 0), Number(TiffTag.IMAGELENGTH, 0), Number(TiffTag.SAMPLESPERPIXEL, 1));
        StoredSamples stored = StoredSamples.Of(_tiff);
        bool planar = bands > 1 && Number(TiffTag.PLANARCONFIG, 1) == (int)PlanarConfig.SEPARATE;
        (int planes, int inRow) = planar ? (bands, width) : (1, checked(width * bands));
        long wanted = (long)PackedSamples.BytesOfRow(inRow, stored.Bits) * height * planes;
        if (width <= 0 || height <= 0 || bands <= 0
            || wanted > Array.MaxLength || wanted > MaxBytes)
        {
            throw new BadImageFileException($"damaged TIFF: a page of {width} x {height} x {bands} cannot be in {_length} bytes");
        }

        byte[] bytes = new byte[wanted];
        if (IsContiguous)
        {
            ReadBehind(page, bytes, stored.Bits / 8, cancel);
        }
        else if (_tiff.IsTiled())
        {
            ReadTiles(bytes, width, height, stored.Bits, planar ? 1 : bands, planes, page, cancel);
        }
        else
        {
            ReadStrips(bytes, height, inRow, planar ? 1 : bands, planes, page, cancel);
        }

        bytes = stored.ArePacked ? PackedSamples.Unpacked(bytes, height * planes, inRow, stored.Bits)
            : stored.AreHalves ? PackedSamples.Widened(bytes)
            : bytes;
        SampleType type = stored.Type!.Value;
        var raw = new RawSamples(
            planar ? RawSamples.Interleaved(bytes, width * height, bands, ImageFile.SizeOf(type)) : bytes, type, bands);
        return (Photometric)Number(TiffTag.PHOTOMETRIC, 1) == Photometric.CIELAB ? raw.WithOtherSigns() : raw;
    });

    /// <inheritdoc/>
    public void Dispose() => _tiff.Dispose();

    private bool HasAlpha(int bands) =>
        bands > 1 && _tiff.GetField(TiffTag.EXTRASAMPLES) is { Length: 2 } extra && extra[1].ToByteArray() is { Length: > 0 } kinds
        && kinds[^1] is (byte)ExtraSample.ASSOCALPHA or (byte)ExtraSample.UNASSALPHA;

    private void ReadStrips(
        byte[] to, int height, int inRow, int stride, int planes, int page, CancellationToken cancel)
    {
        if (!IsZstd && _tiff.StripSize() > MaxStripAtOnce && _tiff.ScanlineSize() == to.Length / height / planes)
        {
            ReadRows(to, height, planes, page, cancel);
            return;
        }

        int at = 0;
        for (int strip = 0; strip < _tiff.NumberOfStrips() && at < to.Length; strip++)
        {
            cancel.ThrowIfCancellationRequested();
            int wanted = Math.Min(to.Length - at, _tiff.StripSize());
            int read = IsZstd
                ? ZstdStrips.Read(_tiff, strip, to.AsSpan(at, wanted), inRow, stride)
                : _tiff.ReadEncodedStrip(strip, to, at, wanted);
            at += read > 0 ? read : throw Truncated(page);
        }

        if (at < to.Length)
        {
            throw Truncated(page);
        }
    }

    private void ReadRows(byte[] to, int height, int planes, int page, CancellationToken cancel)
    {
        int row = _tiff.ScanlineSize();
        for (int i = 0; i < planes * height; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!_tiff.ReadScanline(to, i * row, i % height, (short)(i / height)))
            {
                throw Truncated(page);
            }
        }
    }

    private void ReadTiles(
        byte[] to, int width, int height, int bits, int stride, int planes, int page, CancellationToken cancel)
    {
        int pixelBits = bits * stride;
        (int tileWidth, int tileHeight) = (Number(TiffTag.TILEWIDTH, 0), Number(TiffTag.TILELENGTH, 0));

        // A tile is a multiple of 16 wide, so that its rows begin with a byte of the page's, also where samples are
        // packed.
        long tileRow = (long)tileWidth * pixelBits / 8, tileBytes = tileRow * tileHeight;
        int row = PackedSamples.BytesOfRow(width, pixelBits);
        if (tileBytes <= 0
            || tileWidth % 8 != 0
            || tileBytes > MaxBytes
            || tileBytes > Array.MaxLength)
        {
            throw new BadImageFileException("damaged TIFF: its tiles have no usable size");
        }

        byte[] tile = new byte[tileBytes];
        int number = 0;
        for (int plane = 0; plane < planes; plane++)
        {
            for (int y = 0; y < height; y += tileHeight)
            {
                for (int x = 0; x < width; x += tileWidth)
                {
                    cancel.ThrowIfCancellationRequested();
                    int read = IsZstd
                        ? ZstdStrips.Read(_tiff, number, tile, tileWidth * stride, stride)
                        : _tiff.ReadEncodedTile(number, tile, 0, tile.Length);
                    number++;
                    if (read < 0)
                    {
                        throw Truncated(page);
                    }

                    int from = PackedSamples.BytesOfRow(x, pixelBits);
                    int columns = PackedSamples.BytesOfRow(Math.Min(tileWidth, width - x), pixelBits);
                    for (int line = 0; line < Math.Min(tileHeight, height - y); line++)
                    {
                        tile.AsSpan(line * (int)tileRow, columns)
                            .CopyTo(to.AsSpan((((plane * height) + y + line) * row) + from));
                    }
                }
            }
        }
    }

    /// <summary>Reads a page that stands behind the first one without a directory of its own.</summary>
    private void ReadBehind(int page, byte[] to, int size, CancellationToken cancel)
    {
        const int Chunk = 1 << 24;
        long start = _tiff.GetField(TiffTag.STRIPOFFSETS)[0].TolongArray()[0];
        using FileStream file = File.OpenRead(_path);
        file.Position = start + (page * (long)to.Length);
        for (int at = 0; at < to.Length; at += Chunk)
        {
            cancel.ThrowIfCancellationRequested();
            Span<byte> part = to.AsSpan(at, Math.Min(Chunk, to.Length - at));
            if (file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
            {
                throw Truncated(page);
            }
        }

        if (BigEndian && size > 1)
        {
            for (int i = 0; i < to.Length; i += size)
            {
                to.AsSpan(i, size).Reverse();
            }
        }
    }

    private T Guarded<T>(int page, Func<T> read)
    {
        try
        {
            MoveTo(page);
            return read();
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw new BadImageFileException($"damaged TIFF: page {page + 1} of {Count} cannot be read", failure);
        }
    }

    private void MoveTo(int page)
    {
        int directory = IsContiguous ? 0 : page;
        if (directory == _at)
        {
            return;
        }

        if (!_tiff.SetSubDirectory(_directories.OffsetOf(directory)))
        {
            _at = -1;
            throw Truncated(page);
        }

        _at = directory;
    }

    private TiffTags Tags(int page) => TiffTags.Of(
        _tiff, IsPlain, IsPlain && IsLookUpTable,
        Number(TiffTag.BITSPERSAMPLE, 1) == 16 ? _directories.SmallColourMapOf(page) : null);

    private BadImageFileException Truncated(int page) => new($"truncated TIFF (page {page + 1} of {Count} is {(page == 0 ? "cut off" : "missing")})");

    private int Number(TiffTag tag, int fallback) => TiffTags.Number(_tiff, tag, fallback);

    private static bool IsDamage(Exception failure) => failure is not (BadImageFileException
        or UnauthorizedAccessException or OutOfMemoryException or OperationCanceledException
        or IOException { InnerException: null } and FileNotFoundException);
}
