using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>
/// Writes a TIFF file page by page, with each page's tags and in its compression where that loses nothing.
/// </summary>
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
    private readonly bool _hasLongOffsets;
    private bool _hasStandIn;
    private bool _hasSubImages;

    /// <param name="path">The file.</param>
    /// <param name="bytes">Bytes of samples in all pages that get a directory.</param>
    /// <param name="bigEndian">
    /// Whether numbers begin with their high byte; ImageJ's own tag is read in the file's order.
    /// </param>
    /// <param name="big">Whether offsets have 64 bits in any case.</param>
    public TiffWriter(string path, long bytes, bool bigEndian, bool big)
    {
        TiffTags.Ensure();
        (_bigEndian, _hasLongOffsets) = (bigEndian, big || bytes > MaxInClassic);
        string mode = $"w{(bigEndian ? 'b' : 'l')}{(_hasLongOffsets ? '8' : '4')}";
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

        /// <summary>How its samples are laid out.</summary>
        public TiffLayout Layout { get; init; } = TiffLayout.Plain;

        /// <summary>Whether it is the smaller copy of another.</summary>
        public bool IsReduced { get; init; }
    }

    /// <summary>Writes the next page, with its smaller copies.</summary>
    public void Write(Page page)
    {
        WriteDirectory(page);
        if (page.Layout.Pyramid is not { Levels: var levels })
        {
            return;
        }

        // Colours of a palette, and black and white, have no mean.
        bool averaged = !page.OneBit && page.Photometric != Photometric.PALETTE;
        foreach ((int width, int height) in levels)
        {
            ImageFileInfo info = page.Info;
            page = page with
            {
                Samples = ReducedSamples.Of(
                    page.Samples, (info.Width, info.Height), (width, height), info.SampleType, averaged, Cancel),
                Info = info with { Width = width, Height = height },
                IsReduced = true,
            };
            WriteDirectory(page);
        }
    }

    private void WriteDirectory(Page page)
    {
        RawSamples samples = page.Photometric == Photometric.CIELAB && page.Tags is not null
            ? page.Samples.WithOtherSigns()
            : page.Samples;
        ImageFileInfo info = page.Info;
        bool planar = page.Tags is { Planar: true } && samples.Channels > 1;
        byte[] bytes = planar ? samples.Planar(info.Width * info.Height)
            : page.OneBit ? PackedSamples.Bits(samples.Bytes, info.Height, info.Width)
            : samples.Bytes;
        int planes = planar ? samples.Channels : 1, row = bytes.Length / info.Height / planes;
        int rows = RowsOfStrip(page, row);
        Describe(page, planar, rows);
        int number = 0;
        for (int plane = 0; plane < planes; plane++)
        {
            ReadOnlyMemory<byte> part = bytes.AsMemory(plane * row * info.Height, row * info.Height);
            number = page.Layout.Tile is { } tile
                ? WriteTiles(page, part, tile, planar ? 1 : samples.Channels, number)
                : WriteStrips(page, part.Span, rows, row, planar ? 1 : samples.Channels, number);
        }

        EndPage();
        _hasStandIn |= page is { IsReduced: false, Tags.SmallColourMap: not null };
    }

    /// <summary>
    /// Writes a stack as ImageJ expects its own: the samples of all pages behind each other, since it reads them so
    /// whatever the directories say.
    /// </summary>
    /// <param name="pages">Pages, all of one size and type, not compressed.</param>
    /// <param name="page">Gives a page; called twice for each.</param>
    /// <param name="oneDirectory">
    /// Whether only the first page gets a directory, as in stacks that ImageJ writes beyond 4 GB.
    /// </param>
    public void WriteBehindEachOther(int pages, Func<int, Page> page, bool oneDirectory)
    {
        Page first = page(0);
        int bytes = first.Samples.Bytes.Length, size = ImageFile.SizeOf(first.Info.SampleType);
        Describe(first, planar: false, first.Info.Height);
        _ = WriteStrips(first, first.Samples.Bytes, 1, bytes, first.Samples.Channels, 0);
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
        if (_hasSubImages)
        {
            TiffSubImages.Link(_file);
        }

        if (_hasStandIn || _hasSubImages)
        {
            TiffHeader.RenameStandIns(_file);
        }
    }

    /// <summary>As many as in the source, where those can be compressed in strips of that size.</summary>
    private static int RowsOfStrip(Page page, int row)
    {
        bool compressed = page.Layout.Compression != Compression.NONE;
        return page.Tags?.RowsPerStrip is > 0 and int stated
            && (!compressed || (long)Math.Min(stated, page.Info.Height) * row <= MaxCompressedStrip)
            ? Math.Min(stated, page.Info.Height)
            : Math.Clamp(StripBytes / Math.Max(1, row), 1, page.Info.Height);
    }

    private void Describe(Page page, bool planar, int rows)
    {
        (RawSamples samples, ImageFileInfo info, Photometric photometric, TiffTags? tags) =
            (page.Samples, page.Info, page.Photometric, page.Tags);
        int size = ImageFile.SizeOf(info.SampleType);
        Compression compression = page.Layout.Compression;
        _tiff.SetField(TiffTag.IMAGEWIDTH, info.Width);
        _tiff.SetField(TiffTag.IMAGELENGTH, info.Height);
        _tiff.SetField(TiffTag.BITSPERSAMPLE, page.OneBit ? 1 : 8 * size);
        _tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples.Channels);
        _tiff.SetField(TiffTag.SAMPLEFORMAT, FormatOf(info.SampleType));
        _tiff.SetField(TiffTag.PLANARCONFIG, planar ? PlanarConfig.SEPARATE : PlanarConfig.CONTIG);
        _tiff.SetField(TiffTag.PHOTOMETRIC, tags?.LookUpTable is null ? photometric : Photometric.PALETTE);
        _tiff.SetField(TiffTag.COMPRESSION, compression);
        if (page.Layout.Tile is var (tileWidth, tileHeight))
        {
            _tiff.SetField(TiffTag.TILEWIDTH, tileWidth);
            _tiff.SetField(TiffTag.TILELENGTH, tileHeight);
        }
        else
        {
            _tiff.SetField(TiffTag.ROWSPERSTRIP, rows);
        }

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
            _tiff.SetField(
                TiffTag.EXTRASAMPLES, extra,
                Enumerable.Repeat((short)ExtraSample.UNSPECIFIED, extra - 1).Append((short)last).ToArray());
        }

        if (Predicted(page))
        {
            if (compression == ZstdStrips.Zstd && _tiff.FindFieldInfo(TiffTag.PREDICTOR, TiffType.ANY) is null)
            {
                // LibTiff has it with the compressions that it knows.
                _tiff.MergeFieldInfo([ZstdStrips.PredictorField], 1);
            }

            _tiff.SetField(TiffTag.PREDICTOR, ZstdStrips.Differences);
        }

        if (page.IsReduced)
        {
            _tiff.SetField(TiffTag.SUBFILETYPE, FileType.REDUCEDIMAGE);
            return;
        }

        tags?.WriteTo(_tiff, page.Description, page.PagesChanged, page.ImageJ);
        if (page.Layout.Pyramid is { ArePages: false, Levels: { Count: > 0 } levels })
        {
            int[] room = new int[levels.Count * (_hasLongOffsets ? 2 : 1)];
            _tiff.SetField((TiffTag)TiffSubImages.StandIn, room.Length, room);
            _hasSubImages = true;
        }
    }

    /// <summary>Whether differences of neighbours are compressed, as in the source.</summary>
    private static bool Predicted(Page page) => page is { Tags.Predicted: true, OneBit: false }
        && page.Layout.Compression is Compression.LZW or Compression.DEFLATE or Compression.ADOBE_DEFLATE
            or ZstdStrips.Zstd
        && page.Info.SampleType is not (SampleType.Float32 or SampleType.Float64);

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

    private int WriteStrips(Page page, ReadOnlySpan<byte> samples, int rows, int row, int stride, int number)
    {
        // LibTiff changes the memory it is given: differences, and bytes in another order.
        byte[] strip = new byte[rows * row];
        for (int at = 0; at < samples.Length; at += strip.Length, number++)
        {
            Cancel.ThrowIfCancellationRequested();
            int bytes = Math.Min(strip.Length, samples.Length - at);
            samples.Slice(at, bytes).CopyTo(strip);
            WritePart(page, strip, bytes, row, stride, number);
        }

        return number;
    }

    private int WriteTiles(
        Page page, ReadOnlyMemory<byte> samples, (int Width, int Height) tile, int stride, int number)
    {
        int pixelBits = page.OneBit ? 1 : 8 * ImageFile.SizeOf(page.Info.SampleType) * stride;
        foreach (byte[] part in TiffTiles.Of(samples, page.Info.Height, page.Info.Width, pixelBits, tile))
        {
            Cancel.ThrowIfCancellationRequested();
            WritePart(page, part, part.Length, tile.Width * pixelBits / 8, stride, number++);
        }

        return number;
    }

    /// <summary>Compresses and writes a strip or a tile.</summary>
    private void WritePart(Page page, byte[] part, int bytes, int row, int stride, int number)
    {
        bool isTile = page.Layout.Tile is not null;
        int written;
        if (page.Layout.Compression == ZstdStrips.Zstd)
        {
            int size = page.OneBit ? 1 : ImageFile.SizeOf(page.Info.SampleType);
            byte[] packed = ZstdStrips.Packed(part.AsSpan(0, bytes), row, size, stride, Predicted(page), _bigEndian);
            written = isTile
                ? _tiff.WriteRawTile(number, packed, packed.Length)
                : _tiff.WriteRawStrip(number, packed, packed.Length);
        }
        else
        {
            written = isTile
                ? _tiff.WriteEncodedTile(number, part, bytes)
                : _tiff.WriteEncodedStrip(number, part, bytes);
        }

        if (written < 0)
        {
            throw Failure();
        }
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

    private static SampleFormat FormatOf(SampleType type) => type switch
    {
        SampleType.UInt8 or SampleType.UInt16 or SampleType.UInt32 => SampleFormat.UINT,
        SampleType.Int8 or SampleType.Int16 or SampleType.Int32 => SampleFormat.INT,
        _ => SampleFormat.IEEEFP,
    };
}
