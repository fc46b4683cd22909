using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>
/// What a TIFF page says beside its samples, carried from file to file as it is: description, resolution, colour
/// profile, ImageJ's private tags, and whatever else is a value of its own. Tags that say where something stands in
/// the file are left behind.
/// </summary>
internal sealed record TiffTags
{
    private const TiffTag ImageJCounts = (TiffTag)50838;
    private const TiffTag ImageJData = (TiffTag)50839;

    // Those that LibTiff keeps with the samples' own; all others it lists.
    private static readonly TiffTag[] Fixed =
    [
        TiffTag.SUBFILETYPE, TiffTag.ORIENTATION, TiffTag.XRESOLUTION, TiffTag.YRESOLUTION, TiffTag.RESOLUTIONUNIT,
        TiffTag.XPOSITION, TiffTag.YPOSITION, TiffTag.PAGENUMBER,
    ];

    // How samples are packed, or offsets into the file: sub-images, EXIF and GPS, Zeiss' LSM, MetaMorph's STK,
    // GeoTIFF aside.
    private static readonly HashSet<int> NotCarried =
    [
        317, 320, 330, 347, 513, 514, 529, 530, 531, 532, 33628, 33629, 33630, 33631, 34412, 34665, 34853, 40965,
        (int)TiffTag.ZIPQUALITY, (int)TiffTag.JPEGQUALITY,
        (int)TiffTag.JPEGCOLORMODE, (int)TiffTag.JPEGTABLESMODE, (int)TiffTag.FAXMODE, (int)TiffTag.FAXFILLFUNC,
    ];

    // What YCbCr means, which holds only for samples that stay in it.
    private static readonly TiffTag[] OfYcc =
        [TiffTag.YCBCRCOEFFICIENTS, TiffTag.YCBCRPOSITIONING, TiffTag.REFERENCEBLACKWHITE];

    private const int MaxTile = 1 << 13;

    private static readonly Lazy<bool> Registered = new(Register);

    private readonly List<(TiffTag Tag, object[] Values)> _tags = [];
    private readonly List<TiffFieldInfo> _private = [];

    private TiffTags()
    {
    }

    /// <summary>How a sample is stored.</summary>
    public StoredSamples Stored { get; private init; }

    /// <summary>How the page was packed.</summary>
    public Compression Compression { get; private init; }

    /// <summary>What its channels are.</summary>
    public Photometric Photometric { get; private init; }

    /// <summary>Whether channels stand apart and not pixel by pixel.</summary>
    public bool Planar { get; private init; }

    /// <summary>Whether differences of neighbours were packed.</summary>
    public bool Predicted { get; private init; }

    /// <summary>Rows in a strip, as the file has them; 0 for tiles.</summary>
    public int RowsPerStrip { get; private init; }

    /// <summary>The size of a tile; null for strips.</summary>
    public (int Width, int Height)? Tile { get; private init; }

    /// <summary>A palette that is for looking only, with the samples that it colours.</summary>
    public object[]? LookUpTable { get; private init; }

    /// <summary>A look-up table of 256 colours beside samples of 16 bits, which is ImageJ's own idea.</summary>
    public short[]? SmallColourMap { get; private init; }

    /// <summary>The description in its own letters; empty where there is none.</summary>
    public string Description { get; private init; } = string.Empty;

    /// <summary>Starts LibTiff: no words on the terminal, ImageJ's tags known.</summary>
    public static void Ensure() => _ = Registered.Value;

    /// <summary>Of the page that <paramref name="tiff"/> stands at.</summary>
    /// <param name="tiff">The file.</param>
    /// <param name="asStored">Whether its samples are read as they are stored.</param>
    /// <param name="lookUpTable">Whether its palette is for looking only.</param>
    /// <param name="smallColourMap">A look-up table that LibTiff leaves out.</param>
    public static TiffTags Of(Tiff tiff, bool asStored, bool lookUpTable, short[]? smallColourMap = null)
    {
        var tags = new TiffTags
        {
            SmallColourMap = smallColourMap,
            Stored = StoredSamples.Of(tiff),
            Compression = (Compression)Number(tiff, TiffTag.COMPRESSION, (int)Compression.NONE),
            Photometric = (Photometric)Number(tiff, TiffTag.PHOTOMETRIC, (int)Photometric.MINISBLACK),
            Planar =
                (PlanarConfig)Number(tiff, TiffTag.PLANARCONFIG, (int)PlanarConfig.CONTIG) == PlanarConfig.SEPARATE,
            Predicted = PredictorOf(tiff) == 2,
            RowsPerStrip = tiff.IsTiled() ? 0 : Number(tiff, TiffTag.ROWSPERSTRIP, 0),
            Tile = TileOf(tiff),
            LookUpTable = lookUpTable && ColoursOf(tiff) is { } map
                ? [.. map.Select(static one => (object)(one.Length < 256 ? ColourMap.Stretched(one) : one))]
                : null,
            Description = DescriptionOf(tiff),
        };
        foreach (TiffTag tag in asStored && tags.Photometric == Photometric.YCBCR ? [.. Fixed, .. OfYcc] : Fixed)
        {
            if (tiff.GetField(tag) is { Length: > 0 } values)
            {
                tags._tags.Add((tag, [.. values.Select(static value => value.Value)]));
            }
        }

        for (int i = 0; i < tiff.GetTagListCount(); i++)
        {
            var tag = (TiffTag)tiff.GetTagListEntry(i);
            if (!NotCarried.Contains((int)tag)
                && tiff.FindFieldInfo(tag, TiffType.ANY) is { } kind
                && Values(tiff, tag, kind) is { } values)
            {
                tags._tags.Add((tag, values));
                tags._private.Add(kind);
            }
        }

        return tags;
    }

    /// <summary>Those that a page from another format gets.</summary>
    public static TiffTags Of(ImageFileInfo info)
    {
        var tags = new TiffTags
        {
            Compression = Compression.NONE,
            Photometric = info.Channels == 3 ? Photometric.RGB : Photometric.MINISBLACK,
        };
        if (info.PixelSizeMicrometres is { } micrometres && float.IsFinite((float)(1e4 / micrometres)))
        {
            float inCentimetre = (float)(1e4 / micrometres);
            tags._tags.Add((TiffTag.XRESOLUTION, [inCentimetre]));
            tags._tags.Add((TiffTag.YRESOLUTION, [inCentimetre]));
            tags._tags.Add((TiffTag.RESOLUTIONUNIT, [ResUnit.CENTIMETER]));
        }

        return tags;
    }

    /// <summary>A page's description; empty where it has none.</summary>
    public static string DescriptionOf(Tiff tiff) => tiff.GetField(TiffTag.IMAGEDESCRIPTION) is { Length: > 0 } text
        ? Letters.Of(text[0].ToString() ?? string.Empty)
        : string.Empty;

    /// <summary>Red, green and blue of a page's palette; null where it has none.</summary>
    public static short[][]? ColoursOf(Tiff tiff) => tiff.GetField(TiffTag.COLORMAP) is { Length: 3 } map
        ? [.. map.Select(static channel => channel.ToShortArray())]
        : null;

    /// <summary>The side of a pixel in micrometres where the file states it as a microscope would.</summary>
    /// <remarks>
    /// Pixels per the unit of an ImageJ description, or per centimetre. Resolutions per inch, and those of screens
    /// and printers, say nothing about the object.
    /// </remarks>
    public double? PixelSize(string? unit)
    {
        if (_tags.Find(static entry => entry.Tag == TiffTag.XRESOLUTION).Values?[0] is not float pixels
            || !(pixels > 0))
        {
            return null;
        }

        bool centimetres =
            _tags.Find(static entry => entry.Tag == TiffTag.RESOLUTIONUNIT).Values?[0] is ResUnit.CENTIMETER;
        double? size = unit is null && centimetres ? 1e4 / pixels : Micrometres.In(unit) / pixels;
        return size < 100 ? size : null;
    }

    /// <summary>Puts the tags into the page that is being written.</summary>
    /// <param name="tiff">The file.</param>
    /// <param name="description">Another description; null for the page's own.</param>
    /// <param name="pagesChanged">Whether pages are left out, so that what ImageJ knows of each does not fit.</param>
    /// <param name="imageJ">What ImageJ knows of those that are kept; null where it stands in another page, or
    /// nowhere.</param>
    public void WriteTo(Tiff tiff, string? description, bool pagesChanged, ImageJMetadata? imageJ)
    {
        foreach (TiffFieldInfo kind in _private)
        {
            if (tiff.FindFieldInfo(kind.Tag, TiffType.ANY) is null)
            {
                tiff.MergeFieldInfo([kind], 1);
            }
        }

        if (SmallColourMap is { } colours)
        {
            tiff.SetField((TiffTag)TiffHeader.StandIn, colours.Length, colours);
        }

        foreach ((TiffTag tag, object[] values) in _tags)
        {
            if (!(pagesChanged && tag is ImageJCounts or ImageJData)
                && !(tag == TiffTag.IMAGEDESCRIPTION && description is not null))
            {
                tiff.SetField(tag, values);
            }
        }

        if (imageJ is not null)
        {
            (int[] counts, byte[] data) = imageJ.Tags;
            tiff.SetField(ImageJCounts, counts.Length, counts);
            tiff.SetField(ImageJData, data.Length, data);
        }

        if (description is not null)
        {
            tiff.SetField(TiffTag.IMAGEDESCRIPTION, Letters.Bytes(description));
        }
    }

    /// <summary>What ImageJ knows of the stack, where it stands in this page.</summary>
    public ImageJMetadata? ImageJ(bool bigEndian) =>
        _tags.Find(static entry => entry.Tag == ImageJCounts).Values is [_, int[] counts]
            && _tags.Find(static entry => entry.Tag == ImageJData).Values is [_, byte[] data]
            ? ImageJMetadata.Of(counts, data, bigEndian)
            : null;

    /// <summary>
    /// Those of the same page with a look-up table, which a stack of one channel has in its pages; its own where it has
    /// one.
    /// </summary>
    /// <param name="colours">The table: red, green and blue.</param>
    /// <param name="type">The samples beside it.</param>
    public TiffTags Coloured(short[] colours, SampleType type) => (Photometric, type) switch
    {
        _ when LookUpTable is not null || SmallColourMap is not null || IsGray(colours) => this,
        (Photometric.MINISBLACK, SampleType.UInt8) =>
            this with { LookUpTable = [colours[..256], colours[256..512], colours[512..]] },
        (Photometric.MINISBLACK, SampleType.UInt16) => this with { SmallColourMap = colours },
        _ => this,
    };

    private static (int Width, int Height)? TileOf(Tiff tiff)
    {
        if (!tiff.IsTiled())
        {
            return null;
        }

        // Other sizes than multiples of 16 are not written again.
        (int width, int height) = (Number(tiff, TiffTag.TILEWIDTH, 0), Number(tiff, TiffTag.TILELENGTH, 0));
        static bool IsUsable(int side) => side is > 0 and <= MaxTile && side % 16 == 0;
        return IsUsable(width) && IsUsable(height) ? (width, height) : null;
    }

    private static bool IsGray(short[] colours) =>
        Enumerable.Range(0, colours.Length).All(i => (ushort)colours[i] == 257 * (i % 256));

    /// <summary>
    /// Those of the same page with samples of another type: its palette becomes a look-up table as ImageJ puts it
    /// beside such samples.
    /// </summary>
    public TiffTags ForOtherSamples() => LookUpTable is not [short[] { Length: 256 } red, short[] green, short[] blue]
        ? this with { LookUpTable = null }
        : this with
        {
            LookUpTable = null,
            SmallColourMap = Description.StartsWith("ImageJ=", StringComparison.Ordinal)
                ? [.. red, .. green, .. blue]
                : null,
        };

    /// <summary>A tag's number; <paramref name="fallback"/> where it has none.</summary>
    public static int Number(Tiff tiff, TiffTag tag, int fallback) => tiff.GetField(tag) switch
    {
        [{ Value: short number }, ..] => (ushort)number,
        [{ } value, ..] => value.ToInt(),
        _ => fallback,
    };

    /// <summary>
    /// The predictor of a page. Where LibTiff does not know the compression, the tag is one of no known kind.
    /// </summary>
    public static int PredictorOf(Tiff tiff) => tiff.GetField(TiffTag.PREDICTOR) switch
    {
        [_, var values] => values.ToShortArray() is [var first, ..] ? first : 1,
        [var value] => value.ToInt(),
        _ => 1,
    };

    private static object[]? Values(Tiff tiff, TiffTag tag, TiffFieldInfo kind)
    {
        if (tiff.GetField(tag) is not { Length: > 0 } values)
        {
            return null;
        }

        if (!kind.PassCount)
        {
            return [.. values.Select(static value => value.Value)];
        }

        return values.Length != 2 ? null : kind.Type switch
        {
            TiffType.BYTE or TiffType.SBYTE or TiffType.UNDEFINED => [values[0].ToInt(), values[1].ToByteArray()],
            TiffType.SHORT or TiffType.SSHORT => [values[0].ToInt(), values[1].ToShortArray()],
            TiffType.LONG or TiffType.SLONG => [values[0].ToInt(), values[1].ToIntArray()],
            TiffType.RATIONAL or TiffType.SRATIONAL or TiffType.FLOAT => [values[0].ToInt(), values[1].ToFloatArray()],
            TiffType.DOUBLE => [values[0].ToInt(), values[1].ToDoubleArray()],
            TiffType.ASCII => [values[0].ToInt(), values[1].ToString() ?? string.Empty],
            _ => null,
        };
    }

    private static bool Register()
    {
        Tiff.SetErrorHandler(new Silence());
        Tiff.SetTagExtender(static tiff => tiff.MergeFieldInfo(
            [
                new TiffFieldInfo(ImageJCounts, TiffFieldInfo.Variable2, TiffFieldInfo.Variable2, TiffType.LONG, FieldBit.Custom, okToChange: true, passCount: true, "ImageJMetaDataByteCounts"),
                new TiffFieldInfo(ImageJData, TiffFieldInfo.Variable2, TiffFieldInfo.Variable2, TiffType.BYTE, FieldBit.Custom, okToChange: true, passCount: true, "ImageJMetaData"),
                new TiffFieldInfo((TiffTag)TiffHeader.StandIn, TiffFieldInfo.Variable2, TiffFieldInfo.Variable2, TiffType.SHORT, FieldBit.Custom, okToChange: true, passCount: true, "KlarColourMap"),
                new TiffFieldInfo(
                    (TiffTag)TiffSubImages.StandIn, TiffFieldInfo.Variable2, TiffFieldInfo.Variable2, TiffType.LONG,
                    FieldBit.Custom, okToChange: true, passCount: true, "KlarSubImages"),
            ],
            4));
        return true;
    }

    private sealed class Silence : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(
            Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(
            Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
