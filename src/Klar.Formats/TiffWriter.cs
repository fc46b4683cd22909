using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>Writes a TIFF file page by page, with each page's tags and in its compression where that loses nothing.</summary>
internal sealed class TiffWriter : IDisposable
{
    // Beyond this many bytes offsets need 64 bits; tags and directories need some room.
    private const long MostInClassic = 4_200_000_000;
    private const int StripBytes = 1 << 16;

    private readonly Tiff _tiff;

    /// <param name="path">The file.</param>
    /// <param name="bytes">Bytes of samples in all pages.</param>
    /// <param name="bigEndian">Whether numbers begin with their high byte; ImageJ's own tag is read in the file's order.</param>
    /// <param name="big">Whether offsets have 64 bits in any case.</param>
    public TiffWriter(string path, long bytes, bool bigEndian, bool big)
    {
        TiffTags.Ensure();
        string mode = $"w{(bigEndian ? 'b' : 'l')}{(big || bytes > MostInClassic ? '8' : '4')}";
        _tiff = Tiff.Open(path, mode) ?? throw new BadImageFileException($"cannot write {path}");
    }

    /// <summary>Writes the next page.</summary>
    /// <param name="samples">Its samples.</param>
    /// <param name="info">Their size and type.</param>
    /// <param name="photometric">What the channels are.</param>
    /// <param name="tags">What else stands in it; null for nothing.</param>
    /// <param name="description">Another description; null for that of the tags.</param>
    /// <param name="pagesChanged">Whether pages of the source are left out.</param>
    public void Write(RawSamples samples, ImageFileInfo info, Photometric photometric, TiffTags? tags, string? description, bool pagesChanged)
    {
        bool planar = tags is { Planar: true } && samples.Channels > 1;
        int planes = planar ? samples.Channels : 1, size = ImageFile.SizeOf(info.SampleType), row = info.Width * samples.Channels / planes * size;
        Compression compression = Lossless(tags);
        int rows = tags?.RowsPerStrip is > 0 and int stated ? Math.Min(stated, info.Height) : Math.Clamp(StripBytes / Math.Max(1, row), 1, info.Height);
        _tiff.SetField(TiffTag.IMAGEWIDTH, info.Width);
        _tiff.SetField(TiffTag.IMAGELENGTH, info.Height);
        _tiff.SetField(TiffTag.BITSPERSAMPLE, 8 * size);
        _tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples.Channels);
        _tiff.SetField(TiffTag.SAMPLEFORMAT, FormatOf(info.SampleType));
        _tiff.SetField(TiffTag.PLANARCONFIG, planar ? PlanarConfig.SEPARATE : PlanarConfig.CONTIG);
        _tiff.SetField(TiffTag.PHOTOMETRIC, tags?.LookUpTable is null ? photometric : Photometric.PALETTE);
        _tiff.SetField(TiffTag.COMPRESSION, compression);
        _tiff.SetField(TiffTag.ROWSPERSTRIP, rows);
        if (tags?.LookUpTable is { } colours)
        {
            _tiff.SetField(TiffTag.COLORMAP, colours);
        }

        int extra = samples.Channels - (photometric switch { Photometric.RGB or Photometric.CIELAB => 3, Photometric.SEPARATED => 4, _ => 1 });
        if (extra > 0)
        {
            ExtraSample last = info.HasAlpha ? ExtraSample.UNASSALPHA : ExtraSample.UNSPECIFIED;
            _tiff.SetField(TiffTag.EXTRASAMPLES, extra, Enumerable.Repeat((short)ExtraSample.UNSPECIFIED, extra - 1).Append((short)last).ToArray());
        }

        tags?.WriteTo(_tiff, description, pagesChanged);
        if (tags is { Predicted: true } && compression is Compression.LZW or Compression.DEFLATE or Compression.ADOBE_DEFLATE && info.SampleType is not (SampleType.Float32 or SampleType.Float64))
        {
            _tiff.SetField(TiffTag.PREDICTOR, 2);
        }

        byte[] bytes = planar ? samples.Apart(info.Width * info.Height) : samples.Bytes;
        for (int plane = 0, number = 0; plane < planes; plane++)
        {
            number = WriteStrips(bytes.AsSpan(plane * row * info.Height, row * info.Height), rows * row, number);
        }

        if (!_tiff.WriteDirectory())
        {
            throw new IOException("the TIFF file cannot be written");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tiff.Dispose();

    private int WriteStrips(ReadOnlySpan<byte> samples, int stripBytes, int number)
    {
        // LibTiff changes the memory it is given: differences, and bytes in another order.
        byte[] strip = new byte[stripBytes];
        for (int at = 0; at < samples.Length; at += stripBytes, number++)
        {
            int bytes = Math.Min(stripBytes, samples.Length - at);
            samples.Slice(at, bytes).CopyTo(strip);
            if (_tiff.WriteEncodedStrip(number, strip, bytes) < 0)
            {
                throw new IOException("the TIFF file cannot be written");
            }
        }

        return number;
    }

    private static Compression Lossless(TiffTags? tags) => tags?.Compression switch
    {
        Compression.LZW => Compression.LZW,
        Compression.DEFLATE or Compression.ADOBE_DEFLATE => Compression.ADOBE_DEFLATE,
        Compression.PACKBITS => Compression.PACKBITS,
        null or Compression.NONE => Compression.NONE,
        _ => Compression.ADOBE_DEFLATE,
    };

    private static SampleFormat FormatOf(SampleType type) => type switch
    {
        SampleType.UInt8 or SampleType.UInt16 or SampleType.UInt32 => SampleFormat.UINT,
        SampleType.Int8 or SampleType.Int16 or SampleType.Int32 => SampleFormat.INT,
        _ => SampleFormat.IEEEFP,
    };
}
