using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>
/// The tags of a TIFF page that libvips changes or drops, carried from file to file as they are: resolution with its unit,
/// and ImageJ's private tags.
/// </summary>
internal sealed class TiffTags
{
    private const TiffTag ImageJCounts = (TiffTag)50838;
    private const TiffTag ImageJData = (TiffTag)50839;

    private static readonly Lazy<bool> Registered = new(Register);

    private readonly List<(TiffTag Tag, object[] Values)> _tags = [];
    private string? _unit;

    private TiffTags()
    {
    }

    /// <summary>The tags of the first page; null where <paramref name="path"/> is no TIFF file that LibTiff opens.</summary>
    public static TiffTags? Of(string path)
    {
        _ = Registered.Value;
        using Tiff? tiff = Tiff.Open(path, "r");
        if (tiff is null)
        {
            return null;
        }

        var tags = new TiffTags();
        foreach (TiffTag tag in (TiffTag[])[TiffTag.XRESOLUTION, TiffTag.YRESOLUTION, TiffTag.RESOLUTIONUNIT])
        {
            if (tiff.GetField(tag) is { Length: > 0 } values)
            {
                tags._tags.Add((tag, [values[0].Value]));
            }
        }

        if (tiff.GetField(TiffTag.IMAGEDESCRIPTION) is { Length: > 0 } description && description[0].ToString() is { } text)
        {
            const string Unit = "unit=";
            string? line = text.StartsWith("ImageJ", StringComparison.Ordinal)
                ? text.Split('\n').FirstOrDefault(static part => part.StartsWith(Unit, StringComparison.Ordinal))
                : null;
            tags._unit = line?[Unit.Length..].Trim();
        }

        if (tiff.GetField(ImageJCounts) is { Length: 2 } counts && tiff.GetField(ImageJData) is { Length: 2 } data)
        {
            tags._tags.Add((ImageJCounts, [counts[0].ToInt(), counts[1].ToIntArray()]));
            tags._tags.Add((ImageJData, [data[0].ToInt(), data[1].ToByteArray()]));
        }

        return tags;
    }

    /// <summary>
    /// The side of a pixel where the file states it as a microscope would: pixels per the unit of an ImageJ description, or per
    /// centimetre. Resolutions per inch, and those of screens and printers, say nothing about the object.
    /// </summary>
    public double? PixelSizeMicrometres
    {
        get
        {
            if (Value(TiffTag.XRESOLUTION) is not float pixels || !(pixels > 0))
            {
                return null;
            }

            double? size = _unit switch
            {
                "micron" or "microns" or "um" or "µm" or "\\u00B5m" => 1 / pixels,
                "nm" => 1e-3 / pixels,
                "mm" => 1e3 / pixels,
                "cm" => 1e4 / pixels,
                null when Value(TiffTag.RESOLUTIONUNIT) is ResUnit.CENTIMETER => 1e4 / pixels,
                _ => null,
            };
            return size < 100 ? size : null;
        }
    }

    /// <summary>Puts the tags into the first page of a TIFF file.</summary>
    public void WriteTo(string path)
    {
        if (_tags.Count == 0)
        {
            return;
        }

        _ = Registered.Value;
        using Tiff tiff = Tiff.Open(path, "r+") ?? throw new BadImageFileException("cannot write the TIFF tags");
        foreach ((TiffTag tag, object[] values) in _tags)
        {
            tiff.SetField(tag, values);
        }

        if (!tiff.RewriteDirectory())
        {
            throw new BadImageFileException("cannot write the TIFF tags");
        }
    }

    private object? Value(TiffTag tag) => _tags.Find(entry => entry.Tag == tag).Values?[0];

    private static bool Register()
    {
        Tiff.SetErrorHandler(new Silence());
        Tiff.SetTagExtender(static tiff => tiff.MergeFieldInfo(
            [
                new TiffFieldInfo(ImageJCounts, TiffFieldInfo.Variable2, TiffFieldInfo.Variable2, TiffType.LONG, FieldBit.Custom, okToChange: true, passCount: true, "ImageJMetaDataByteCounts"),
                new TiffFieldInfo(ImageJData, TiffFieldInfo.Variable2, TiffFieldInfo.Variable2, TiffType.BYTE, FieldBit.Custom, okToChange: true, passCount: true, "ImageJMetaData"),
            ],
            2));
        return true;
    }

    private sealed class Silence : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
