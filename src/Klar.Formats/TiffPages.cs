using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>
/// The pages of a TIFF file, one after the other through LibTiff: their tags, and the samples of those that are plain. What is compressed in other ways, or of
/// unusual colour, libvips decodes.
/// </summary>
internal sealed class TiffPages : IDisposable
{
    // No lossless compression of TIFF packs more; a header that promises more is wrong.
    private const long MostExpansion = 4096;

    private readonly Tiff _tiff;
    private readonly string _path;
    private readonly long _length;
    private readonly IReadOnlyDictionary<int, short[]> _colours = new Dictionary<int, short[]>();
    private int _at;

    private TiffPages(Tiff tiff, string path)
    {
        (_tiff, _path, _length) = (tiff, path, FileName.LengthOf(path));
        Directories = tiff.NumberOfDirectories();
        if (Directories <= 0)
        {
            throw new BadImageFileException("damaged TIFF: it has no page, or more than 32767");
        }

        _colours = Number(TiffTag.BITSPERSAMPLE, 1) == 16 ? TiffHeader.SmallColourMaps(path) : _colours;
        First = TiffTags.Of(tiff, IsLookUpTable, _colours.GetValueOrDefault(0));
        var imageJ = ImageJDescription.Of(First.Description);

        // Stacks that do not fit classic TIFF ImageJ writes with one directory, the pages behind each other.
        IsContiguous = Directories == 1 && imageJ is { Images: > 1 } && First.Compression == Compression.NONE && !tiff.IsTiled() && IsPlain;
        Count = IsContiguous ? imageJ!.Images : Directories;
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

    private int Directories { get; }

    private bool IsLookUpTable =>
        Number(TiffTag.PHOTOMETRIC, 1) == (int)Photometric.PALETTE && Number(TiffTag.BITSPERSAMPLE, 1) == 8 && Number(TiffTag.SAMPLESPERPIXEL, 1) == 1 &&
        _tiff.GetField(TiffTag.IMAGEDESCRIPTION) is { Length: > 0 } text && ImageJDescription.Of(text[0].ToString() ?? string.Empty) is not null;

    /// <summary>Whether the page's samples can be read here.</summary>
    private bool IsPlain =>
        (Compression)Number(TiffTag.COMPRESSION, 1) is Compression.NONE or Compression.LZW or Compression.DEFLATE or Compression.ADOBE_DEFLATE or Compression.PACKBITS
        && Type is not null
        && Number(TiffTag.FILLORDER, 1) == 1
        && (Number(TiffTag.PHOTOMETRIC, 1) is (int)Photometric.MINISBLACK or (int)Photometric.RGB || IsLookUpTable);

    private SampleType? Type => (Number(TiffTag.BITSPERSAMPLE, 1), (SampleFormat)Number(TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT)) switch
    {
        (8, SampleFormat.UINT or SampleFormat.VOID) => SampleType.UInt8,
        (8, SampleFormat.INT) => SampleType.Int8,
        (16, SampleFormat.UINT or SampleFormat.VOID) => SampleType.UInt16,
        (16, SampleFormat.INT) => SampleType.Int16,
        (32, SampleFormat.UINT or SampleFormat.VOID) => SampleType.UInt32,
        (32, SampleFormat.INT) => SampleType.Int32,
        (32, SampleFormat.IEEEFP) => SampleType.Float32,
        (64, SampleFormat.IEEEFP) => SampleType.Float64,
        _ => null,
    };

    /// <summary>The file's pages; null where it is no TIFF file, or one that LibTiff does not open.</summary>
    /// <exception cref="BadImageFileException">Pages are missing.</exception>
    public static TiffPages? Open(string path)
    {
        TiffTags.Ensure();
        if (!TiffHeader.Is(path) || !TiffHeader.IsSane(path))
        {
            return null;
        }

        Tiff? tiff = null;
        try
        {
            // c: strips as the file has them, and not cut in smaller ones.
            tiff = Tiff.Open(path, "rc");
            return tiff is null ? null : new TiffPages(tiff, path);
        }
        catch (Exception trouble) when (IsDamage(trouble))
        {
            // A header that LibTiff stumbles over is libvips' to judge.
            tiff?.Dispose();
            return null;
        }
    }

    /// <summary>The tags of a page.</summary>
    public TiffTags TagsOf(int page) => Guarded(page, () => page == 0 || IsContiguous ? First : TiffTags.Of(_tiff, IsLookUpTable, _colours.GetValueOrDefault(page)));

    /// <summary>What a page holds; null where it is libvips' to say.</summary>
    public ImageFileInfo? InfoOf(int page) => Guarded(page, () =>
    {
        if (!IsPlain)
        {
            return null;
        }

        int bands = Number(TiffTag.SAMPLESPERPIXEL, 1);
        return new ImageFileInfo(Number(TiffTag.IMAGEWIDTH, 0), Number(TiffTag.IMAGELENGTH, 0), bands - (HasAlpha(bands) ? 1 : 0), Count, Type!.Value, HasAlpha(bands), "tiff", null);
    });

    /// <summary>A page's samples, channels interleaved; null where it is libvips' to decode.</summary>
    public RawSamples? Read(int page) => Guarded(page, () =>
    {
        if (!IsPlain)
        {
            return null;
        }

        (int width, int height, int bands) = (Number(TiffTag.IMAGEWIDTH, 0), Number(TiffTag.IMAGELENGTH, 0), Number(TiffTag.SAMPLESPERPIXEL, 1));
        int size = ImageFile.SizeOf(Type!.Value);
        long wanted = (long)width * height * bands * size;
        if (width <= 0 || height <= 0 || bands <= 0 || wanted > Array.MaxLength || wanted > (_length * MostExpansion) + (1 << 20))
        {
            throw new BadImageFileException($"damaged TIFF: a page of {width} x {height} x {bands} cannot be in {_length} bytes");
        }

        byte[] bytes = new byte[wanted];
        bool planar = bands > 1 && Number(TiffTag.PLANARCONFIG, 1) == (int)PlanarConfig.SEPARATE;
        if (IsContiguous)
        {
            ReadBehind(page, bytes, size);
        }
        else if (_tiff.IsTiled())
        {
            ReadTiles(bytes, width, height, planar ? size : size * bands, planar ? bands : 1, page);
        }
        else
        {
            ReadStrips(bytes, page);
        }

        return new RawSamples(planar ? RawSamples.Interleaved(bytes, width * height, bands, size) : bytes, Type!.Value, bands);
    });

    /// <inheritdoc/>
    public void Dispose() => _tiff.Dispose();

    private bool HasAlpha(int bands) =>
        bands > 1 && _tiff.GetField(TiffTag.EXTRASAMPLES) is { Length: 2 } extra && extra[1].ToByteArray() is { Length: > 0 } kinds
        && kinds[^1] is (byte)ExtraSample.ASSOCALPHA or (byte)ExtraSample.UNASSALPHA;

    private void ReadStrips(byte[] to, int page)
    {
        int at = 0;
        for (int strip = 0; strip < _tiff.NumberOfStrips() && at < to.Length; strip++)
        {
            int read = _tiff.ReadEncodedStrip(strip, to, at, Math.Min(to.Length - at, _tiff.StripSize()));
            at += read > 0 ? read : throw Truncated(page);
        }

        if (at < to.Length)
        {
            throw Truncated(page);
        }
    }

    private void ReadTiles(byte[] to, int width, int height, int pixel, int planes, int page)
    {
        (int tileWidth, int tileHeight) = (Number(TiffTag.TILEWIDTH, 0), Number(TiffTag.TILELENGTH, 0));
        long tileBytes = (long)tileWidth * tileHeight * pixel;
        if (tileBytes <= 0 || tileBytes > (_length * MostExpansion) + (1 << 20) || tileBytes > Array.MaxLength)
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
                    if (_tiff.ReadEncodedTile(number++, tile, 0, tile.Length) < 0)
                    {
                        throw Truncated(page);
                    }

                    int columns = Math.Min(tileWidth, width - x);
                    for (int row = 0; row < Math.Min(tileHeight, height - y); row++)
                    {
                        tile.AsSpan(row * tileWidth * pixel, columns * pixel).CopyTo(to.AsSpan((((plane * height) + y + row) * width * pixel) + (x * pixel)));
                    }
                }
            }
        }
    }

    /// <summary>Reads a page that stands behind the first one without a directory of its own.</summary>
    private void ReadBehind(int page, byte[] to, int size)
    {
        long start = _tiff.GetField(TiffTag.STRIPOFFSETS)[0].TolongArray()[0];
        using FileStream file = File.OpenRead(_path);
        file.Position = start + (page * (long)to.Length);
        if (file.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) < to.Length)
        {
            throw Truncated(page);
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
        catch (Exception trouble) when (IsDamage(trouble))
        {
            throw new BadImageFileException($"damaged TIFF: page {page + 1} of {Count} cannot be read", trouble);
        }
    }

    private void MoveTo(int page)
    {
        int directory = IsContiguous ? 0 : page;
        if (directory == _at)
        {
            return;
        }

        if (!(directory == _at + 1 ? _tiff.ReadDirectory() : _tiff.SetDirectory(checked((short)directory))))
        {
            _at = -1;
            throw Truncated(page);
        }

        _at = directory;
    }

    private BadImageFileException Truncated(int page) => new($"truncated TIFF (page {page + 1} of {Count} is {(page == 0 ? "cut off" : "missing")})");

    private int Number(TiffTag tag, int fallback) => TiffTags.Number(_tiff, tag, fallback);

    private static bool IsDamage(Exception trouble) => trouble is not (BadImageFileException or UnauthorizedAccessException or OutOfMemoryException or IOException { InnerException: null } and FileNotFoundException);
}
