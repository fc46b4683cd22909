using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>Writes a TIFF file page by page, with each page's tags and in its compression where that loses nothing.</summary>
internal sealed class TiffWriter : IDisposable
{
    // Beyond this many bytes offsets need 64 bits; tags and directories need some room.
    private const long MaxInClassic = 4_200_000_000;
    private const int StripBytes = 1 << 16;

    // Larger strips are compressed in one go, in which nothing can stop them.
    private const int MaxCompressedStrip = 1 << 24;

    private readonly FileStream _file;
    private readonly Output _output = new();
    private readonly Tiff _tiff;
    private readonly bool _bigEndian;
    private bool _hasStandIn;

    /// <param name="path">The file.</param>
    /// <param name="bytes">Bytes of samples in all pages that get a directory.</param>
    /// <param name="bigEndian">Whether numbers begin with their high byte; ImageJ's own tag is read in the file's order.</param>
    /// <param name="big">Whether offsets have 64 bits in any case.</param>
    public TiffWriter(string path, long bytes, bool bigEndian, bool big)
    {
        TiffTags.Ensure();
        string mode = $"w{(bigEndian ? 'b' : 'l')}{(big || bytes > MaxInClassic ? '8' : '4')}";
        _bigEndian = bigEndian;
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        _tiff = Tiff.ClientOpen(path, mode, _file, _output) ?? throw new BadImageFileException($"cannot write {path}");
    }

    /// <summary>Ends the writing of pages.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>A page as it is written.</summary>
    /// <param name="Samples">Its samples.</param>
    /// <param name="Info">Their size and type.</param>
    /// <param name="Photometric">What the channels are.</param>
    /// <param name="Tags">What else stands in it; null for nothing.</param>
    /// <param name="Description">Another description; null for that of the tags.</param>
    /// <param name="PagesChanged">Whether pages of the source are left out.</param>
    public sealed record Page(
        RawSamples Samples, ImageFileInfo Info, Photometric Photometric, TiffTags? Tags, string? Description = null,
        bool PagesChanged = false)
    {
        /// <summary>What ImageJ knows of the pages that are kept, which stands in the first.</summary>
        public ImageJMetadata? ImageJ { get; init; }

        /// <summary>Whether the samples, all 0 or 255, are written as single bits.</summary>
        public bool OneBit { get; init; }
    }

    /// <summary>Writes the next page.</summary>
    public void Write(Page page)
    {
        bool planar = page.Tags is { Planar: true } && page.Samples.Channels > 1;
        page = page.Photometric == Photometric.CIELAB && page.Tags is not null
            ? page with { Samples = page.Samples.WithOtherSigns() }
            : page;
        byte[] bytes = planar ? page.Samples.Planar(page.Info.Width * page.Info.Height)
            : page.OneBit ? PackedSamples.Bits(page.Samples.Bytes, page.Info.Height, page.Info.Width)
            : page.Samples.Bytes;
        int planes = planar ? page.Samples.Channels : 1, row = bytes.Length / page.Info.Height / planes;
        int rows = RowsOfStrip(page, row);
        Describe(page, planar, rows);
        for (int plane = 0, number = 0; plane < planes; plane++)
        {
            number = WriteStrips(bytes.AsSpan(plane * row * page.Info.Height, row * page.Info.Height), rows * row, number);
        }

        EndPage();
        _hasStandIn |= page.Tags?.SmallColourMap is not null;
    }

    /// <summary>
    /// Writes a stack as ImageJ expects its own: the samples of all pages behind each other, since it reads them so whatever the directories say.
    /// </summary>
    /// <param name="pages">Pages, all of one size and type, not compressed.</param>
    /// <param name="page">Gives a page; called twice for each.</param>
    /// <param name="oneDirectory">Whether only the first page gets a directory, as in stacks that ImageJ writes beyond 4 GB.</param>
    public void WriteBehindEachOther(int pages, Func<int, Page> page, bool oneDirectory)
    {
        Page first = page(0);
        int bytes = first.Samples.Bytes.Length, size = ImageFile.SizeOf(first.Info.SampleType);
        Describe(first, planar: false, first.Info.Height);
        _ = WriteStrips(first.Samples.Bytes, bytes, 0);
        long start = _file.Length - bytes;
        _file.Seek(0, SeekOrigin.End);
        for (int i = 1; i < pages; i++)
        {
            Cancel.ThrowIfCancellationRequested();
            _file.Write(InFileOrder(page(i).Samples.Bytes, size));
        }

        EndPage();
        for (int i = 1; i < pages && !oneDirectory; i++)
        {
            // The samples are there already: LibTiff is given a place holder, and its directory is put right behind it.
            Describe(page(i), planar: false, first.Info.Height);
            if (_tiff.WriteRawStrip(0, new byte[2], 2) < 0)
            {
                throw Failure();
            }

            EndPage();
        }

        _tiff.Flush();
        if (!oneDirectory)
        {
            TiffHeader.PointStrips(_file, page => start + (page * (long)bytes), bytes);
        }

        _hasStandIn = first.Tags?.SmallColourMap is not null;
    }

    /// <summary>Writes what is left when all pages are there.</summary>
    public void Finish()
    {
        _tiff.Flush();
        if (_hasStandIn)
        {
            TiffHeader.RenameStandIn(_file);
        }
    }

    /// <summary>As many as in the source, where those can be compressed in strips of that size.</summary>
    private static int RowsOfStrip(Page page, int row)
    {
        bool compressed = Lossless(page.Tags) != Compression.NONE;
        return page.Tags?.RowsPerStrip is > 0 and int stated
            && (!compressed || (long)Math.Min(stated, page.Info.Height) * row <= MaxCompressedStrip)
            ? Math.Min(stated, page.Info.Height)
            : Math.Clamp(StripBytes / Math.Max(1, row), 1, page.Info.Height);
    }

    private void Describe(Page page, bool planar, int rows)
    {
        (RawSamples samples, ImageFileInfo info, Photometric photometric, TiffTags? tags) = (page.Samples, page.Info, page.Photometric, page.Tags);
        int size = ImageFile.SizeOf(info.SampleType);
        Compression compression = Lossless(tags);
        _tiff.SetField(TiffTag.IMAGEWIDTH, info.Width);
        _tiff.SetField(TiffTag.IMAGELENGTH, info.Height);
        _tiff.SetField(TiffTag.BITSPERSAMPLE, page.OneBit ? 1 : 8 * size);
        _tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples.Channels);
        _tiff.SetField(TiffTag.SAMPLEFORMAT, FormatOf(info.SampleType));
        _tiff.SetField(TiffTag.PLANARCONFIG, planar ? PlanarConfig.SEPARATE : PlanarConfig.CONTIG);
        _tiff.SetField(TiffTag.PHOTOMETRIC, tags?.LookUpTable is null ? photometric : Photometric.PALETTE);
        _tiff.SetField(TiffTag.COMPRESSION, compression);
        _tiff.SetField(TiffTag.ROWSPERSTRIP, rows);
        if (tags?.LookUpTable is { } colours)
        {
            // Of a map that was stretched to 256 colours single bits have the first and the last.
            object[] map = page.OneBit
                ? [.. colours.Cast<short[]>().Select(static one => (object)new[] { one[0], one[^1] })]
                : colours;
            _tiff.SetField(TiffTag.COLORMAP, map);
        }

        if (photometric == Photometric.YCBCR)
        {
            _tiff.SetField(TiffTag.YCBCRSUBSAMPLING, 1, 1);
        }

        int extra = samples.Channels - (photometric switch
        {
            Photometric.RGB or Photometric.CIELAB or Photometric.ICCLAB or Photometric.ITULAB or Photometric.YCBCR => 3,
            Photometric.SEPARATED => 4,
            _ => 1,
        });
        if (extra > 0)
        {
            ExtraSample last = info.HasAlpha ? ExtraSample.UNASSALPHA : ExtraSample.UNSPECIFIED;
            _tiff.SetField(TiffTag.EXTRASAMPLES, extra, Enumerable.Repeat((short)ExtraSample.UNSPECIFIED, extra - 1).Append((short)last).ToArray());
        }

        tags?.WriteTo(_tiff, page.Description, page.PagesChanged, page.ImageJ);
        if (tags is { Predicted: true }
            && !page.OneBit
            && compression is Compression.LZW or Compression.DEFLATE or Compression.ADOBE_DEFLATE
            && info.SampleType is not (SampleType.Float32 or SampleType.Float64))
        {
            _tiff.SetField(TiffTag.PREDICTOR, 2);
        }
    }

    private void EndPage()
    {
        if (!_tiff.WriteDirectory())
        {
            throw Failure();
        }
    }

    /// <summary>The samples with their bytes in the file's order; the caller's array stays as it is.</summary>
    private byte[] InFileOrder(byte[] samples, int size)
    {
        if (_bigEndian != BitConverter.IsLittleEndian || size == 1)
        {
            return samples;
        }

        byte[] swapped = (byte[])samples.Clone();
        for (int i = 0; i < swapped.Length; i += size)
        {
            swapped.AsSpan(i, size).Reverse();
        }

        return swapped;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tiff.Dispose();
        _file.Dispose();
    }

    private int WriteStrips(ReadOnlySpan<byte> samples, int stripBytes, int number)
    {
        // LibTiff changes the memory it is given: differences, and bytes in another order.
        byte[] strip = new byte[stripBytes];
        for (int at = 0; at < samples.Length; at += stripBytes, number++)
        {
            Cancel.ThrowIfCancellationRequested();
            int bytes = Math.Min(stripBytes, samples.Length - at);
            samples.Slice(at, bytes).CopyTo(strip);
            if (_tiff.WriteEncodedStrip(number, strip, bytes) < 0)
            {
                throw Failure();
            }
        }

        return number;
    }

    /// <summary>LibTiff says that something went wrong; what it was, its output knows.</summary>
    private IOException Failure() => _output.Failure ?? new IOException("the TIFF file cannot be written");

    /// <summary>
    /// Where LibTiff writes to; keeps the failure that LibTiff swallows. To append a directory LibTiff follows the
    /// links from the first one on, which for many pages takes longer than all else: it is shown the last directory as
    /// the one behind the first.
    /// </summary>
    private sealed class Output : TiffStream
    {
        private (long At, int Count) _emptyLink;
        private (long At, byte[] Last)? _shortCut;

        public IOException? Failure { get; private set; }

        public override int Read(object clientData, byte[] buffer, int offset, int count)
        {
            long at = ((Stream)clientData).Position;
            int read = base.Read(clientData, buffer, offset, count);
            if (_shortCut is { } shortCut && at == shortCut.At && count == shortCut.Last.Length)
            {
                shortCut.Last.CopyTo(buffer, offset);
            }

            _emptyLink = buffer.AsSpan(offset, count).IndexOfAnyExcept((byte)0) < 0 ? (at, count) : default;
            return read;
        }

        public override void Write(object clientData, byte[] buffer, int offset, int count)
        {
            // What is written where a link was empty is the place of a directory behind all others; the first such link
            // is the first directory's.
            long at = ((Stream)clientData).Position;
            if (count is 4 or 8 && _emptyLink == (at, count))
            {
                _shortCut = (_shortCut?.At ?? at, buffer.AsSpan(offset, count).ToArray());
            }

            _emptyLink = default;
            try
            {
                base.Write(clientData, buffer, offset, count);
            }
            catch (IOException failure)
            {
                Failure = failure;
                throw;
            }
        }
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
