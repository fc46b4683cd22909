using BitMiracle.LibTiff.Classic;
using Klar.Formats.Containers;
using Klar.Formats.Zarr;
using NetVips;
using VipsImage = NetVips.Image;

namespace Klar.Formats;

/// <summary>Reads and writes image files through libvips.</summary>
public static class ImageFile
{
    /// <summary>Whether a name is one that images have.</summary>
    public static bool HasImageName(string file) =>
        FileFormats.Others.Contains(Path.GetExtension(file).ToLowerInvariant()) || ImageContainers.HasName(file);

    /// <summary>Whether a folder is an image (OME-Zarr), and not a folder of images.</summary>
    public static bool IsImageFolder(string path) => ImageContainers.IsImageFolder(path);

    /// <summary>Whether a name is that of a format whose images are folders (OME-Zarr).</summary>
    public static bool IsFolderFormat(string file) =>
        OmeZarrResult.HasName(Path.TrimEndingDirectorySeparator(file));

    /// <summary>Whether a name is that of a format that becomes OME-Zarr: such a folder, or one as a zip file.</summary>
    public static bool BecomesOmeZarr(string file) =>
        IsFolderFormat(file) || FileName.Extension(file).EndsWith(".zarr.zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name is that of a microscope's format, which is read and becomes OME-TIFF.</summary>
    public static bool BecomesOmeTiff(string file) => ImageContainers.HasName(file);

    /// <summary>
    /// The first file of the set of OME-TIFF files that hold an image together; null for a file that is whole by itself.
    /// </summary>
    public static string? FirstOfSet(string file) => ImageContainers.FirstOfSet(file);

    /// <summary>Reads what the header of <paramref name="path"/> says.</summary>
    /// <exception cref="BadImageFileException">There is no such image; the message says why in one line.</exception>
    public static ImageFileInfo Info(string path)
    {
        using ImageStack stack = ImageStack.Open(path);
        return stack.Info;
    }

    /// <summary>Reads a file of one page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">The scale of the samples: that of a reference it is judged by; null takes the file's own.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="BadImageFileException">There is no such image, it is damaged, or it is a stack.</exception>
    public static LoadedImage Read(string path, SampleScale? scale = null, CancellationToken cancel = default)
    {
        using ImageStack stack = ImageStack.Open(path, cancel: cancel);
        return stack.Pages == 1
            ? stack.Read(0, scale)
            : throw new BadImageFileException($"it is a stack of {stack.Pages} pages, and a single image is wanted here");
    }

    /// <summary>
    /// Writes <paramref name="loaded"/> in the sample type it was read in, with its metadata and transparency, whole or
    /// not at all. The name's extension says the format.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="loaded">What was read, with the samples to write.</param>
    /// <param name="description">Another description for a TIFF file; null for its own.</param>
    /// <param name="type">Another sample type: <see cref="SampleType.Float32"/> or <see cref="SampleType.UInt16"/>;
    /// null for its own. The values stay.</param>
    /// <param name="cancel">Ends it; then there is no file.</param>
    /// <returns>How many samples lay outside the type's range and were clipped.</returns>
    /// <exception cref="BadImageFileException">The file cannot be written.</exception>
    public static long Write(
        string path, LoadedImage loaded, string? description = null, SampleType? type = null,
        CancellationToken cancel = default) =>
        Write(path, loaded, description, type, WriteOptions.AsSource, cancel);

    /// <summary>The same with a choice of how the file stores its samples.</summary>
    internal static long Write(
        string path, LoadedImage loaded, string? description, SampleType? type, WriteOptions options,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        loaded = loaded.As(type);
        (RawSamples samples, long clipped) = loaded.Raw.With(loaded.Image.Planes, loaded.Image.Scale, cancel);
        TiffTags? tags = loaded.Tags ?? (options == WriteOptions.AsSource ? null : TiffTags.Of(loaded.Info));
        if (SaveOptions.IsTiff(path) && tags is not null)
        {
            RefuseNoFolder(path);
            AtomicFile.Write(path, unfinished =>
            {
                using var writer = new TiffWriter(unfinished, samples.Bytes.LongLength, loaded.BigEndian, big: false)
                {
                    Cancel = cancel,
                };
                writer.Write(new TiffWriter.Page(samples, loaded.Info, PhotometricOf(loaded), tags, description)
                {
                    Layout = TiffLayout.Of(loaded, options),
                    OneBit = tags.Stored.Bits == 1 && samples.AreBlackOrWhite,
                });
                writer.Finish();
            });
        }
        else if (loaded.Photometric is Photometric.CIELAB or Photometric.ICCLAB or Photometric.ITULAB
            or Photometric.YCBCR)
        {
            throw new BadImageFileException(
                $"its channels are {loaded.Photometric}, which '{Path.GetExtension(path)}' files do not hold: "
                + "write a TIFF file");
        }
        else
        {
            // Other formats have no inverted polarity: what looked black in the file is to look black there.
            RawSamples shown = loaded.Photometric == Photometric.MINISWHITE ? samples.Inverted() : samples;
            Save(path, shown, loaded.Info, loaded.Metadata, loaded.HasOtherType, cancel);
        }

        return clipped;
    }

    /// <summary>Writes <paramref name="image"/> as <paramref name="type"/>, without metadata; the extension says the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The image.</param>
    /// <param name="type">The sample type.</param>
    /// <param name="cancel">Ends it; then there is no file.</param>
    /// <returns>How many samples lay outside the type's range and were clipped.</returns>
    /// <exception cref="BadImageFileException">The file cannot be written.</exception>
    public static long Write(
        string path, Image image, SampleType type, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        int channels = image.Planes.Count;
        var empty = new RawSamples(new byte[(long)image.Width * image.Height * channels * SizeOf(type)], type, channels);
        (RawSamples samples, long clipped) = empty.With(image.Planes, image.Scale, cancel);
        var info = new ImageFileInfo(image.Width, image.Height, channels, 1, type, HasAlpha: false, string.Empty, null);
        Save(path, samples, info, metadata: null, cancel: cancel);
        return clipped;
    }

    /// <summary>Refuses a name whose format is unknown or cannot hold such samples, before any work is done.</summary>
    /// <exception cref="BadImageFileException">The message says why in one line.</exception>
    public static void RefuseUnwritable(string path, ImageFileInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        Vips.Ensure();
        _ = SaveOptions.For(path, info.SampleType, info.HasAlpha);
    }

    /// <summary>Whether files of that name hold samples of a type.</summary>
    public static bool CanHold(string path, SampleType type)
    {
        try
        {
            _ = SaveOptions.For(path, type, alpha: false);
            return true;
        }
        catch (BadImageFileException)
        {
            return false;
        }
    }

    /// <summary>What the channels of a page are called in TIFF.</summary>
    internal static Photometric PhotometricOf(LoadedImage page) =>
        page.Photometric ?? page.Metadata?.Interpretation switch
        {
            _ when page.Info.Channels < 3 => Photometric.MINISBLACK,
            Enums.Interpretation.Cmyk => Photometric.SEPARATED,
            Enums.Interpretation.Lab or Enums.Interpretation.Labs => Photometric.CIELAB,
            _ => Photometric.RGB,
        };

    /// <exception cref="BadImageFileException">There is no such folder.</exception>
    internal static void RefuseNoFolder(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new BadImageFileException($"cannot write: there is no folder {folder}");
        }
    }

    private static void Save(
        string path, RawSamples samples, ImageFileInfo info, Metadata? metadata, bool otherType = false,
        CancellationToken cancel = default)
    {
        Vips.Ensure();
        RefuseNoFolder(path);
        if (OmeZarrResult.HasName(path))
        {
            double? side = info.PixelSizeMicrometres;
            var image = new ContainedImage(info, StackAxes.Plain(1, "zarr")) { PixelSize = new(side, side, null) };
            OmeZarrResult.Write(path, image, _ => samples, WriteOptions.AsSource, string.Empty, cancel);
            return;
        }

        try
        {
            using VipsImage memory = VipsImage.NewFromMemory(
                samples.Bytes, info.Width, info.Height, samples.Channels, FormatOf(info.SampleType));
            using VipsImage typed = memory.Copy(
                interpretation: otherType
                    ? InterpretationOf(info)
                    : metadata?.Interpretation ?? InterpretationOf(info));
            using VipsImage complete = metadata?.ApplyTo(typed) ?? typed.Copy();
            AtomicFile.Write(path, unfinished => Vips.Cancellable(
                complete,
                image => image.WriteToFile(unfinished, SaveOptions.For(path, info.SampleType, info.HasAlpha)), cancel));
        }
        catch (VipsException failure)
        {
            // libvips says «write error» and no more; the usual cause can be looked up.
            bool full = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < samples.Bytes.Length;
            throw new BadImageFileException(
                $"cannot write {path}: {(full ? "No space left on the disk" : Vips.Reason(failure))}", failure);
        }
    }

    private static Enums.Interpretation InterpretationOf(ImageFileInfo info) => (info.Channels, info.SampleType) switch
    {
        (3, SampleType.UInt8) => Enums.Interpretation.Srgb,
        (3, SampleType.UInt16) => Enums.Interpretation.Rgb16,
        (3, _) => Enums.Interpretation.Rgb,
        (1, SampleType.UInt16) => Enums.Interpretation.Grey16,
        (1, _) => Enums.Interpretation.Bw,
        _ => Enums.Interpretation.Multiband,
    };

    internal static int SizeOf(SampleType type) => type switch
    {
        SampleType.UInt8 or SampleType.Int8 => 1,
        SampleType.UInt16 or SampleType.Int16 => 2,
        SampleType.Float64 => 8,
        _ => 4,
    };

    internal static SampleType TypeOf(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Uchar => SampleType.UInt8,
        Enums.BandFormat.Char => SampleType.Int8,
        Enums.BandFormat.Ushort => SampleType.UInt16,
        Enums.BandFormat.Short => SampleType.Int16,
        Enums.BandFormat.Uint => SampleType.UInt32,
        Enums.BandFormat.Int => SampleType.Int32,
        Enums.BandFormat.Float => SampleType.Float32,
        Enums.BandFormat.Double => SampleType.Float64,
        _ => throw new BadImageFileException($"its samples are {format.ToString().ToLowerInvariant()}, which Klar does not read"),
    };

    private static Enums.BandFormat FormatOf(SampleType type) => type switch
    {
        SampleType.UInt8 => Enums.BandFormat.Uchar,
        SampleType.Int8 => Enums.BandFormat.Char,
        SampleType.UInt16 => Enums.BandFormat.Ushort,
        SampleType.Int16 => Enums.BandFormat.Short,
        SampleType.UInt32 => Enums.BandFormat.Uint,
        SampleType.Int32 => Enums.BandFormat.Int,
        SampleType.Float32 => Enums.BandFormat.Float,
        _ => Enums.BandFormat.Double,
    };
}
