using NetVips;
using VipsImage = NetVips.Image;

namespace Klar.Formats;

/// <summary>Pages that libvips decodes: all formats but plain TIFF.</summary>
internal static class VipsPage
{
    /// <exception cref="BadImageFileException">libvips does not read it; the message says why in one line.</exception>
    public static VipsImage Open(string path, int page)
    {
        if (TiffHeader.Is(path))
        {
            // Named, so that no other loader tries its luck with a damaged file.
            return Complain(() => VipsImage.Tiffload(
                path, page: page, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error));
        }

        try
        {
            return VipsImage.NewFromFile(
                path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error,
                kwargs: page == 0 ? null : new VOption { { "page", page } });
        }
        catch (VipsException failure)
        {
            throw new BadImageFileException(UnreadFormat.Of(path) ?? Vips.Reason(failure), failure);
        }
    }

    /// <summary>A page's samples and what its header says.</summary>
    /// <exception cref="BadImageFileException">The page is damaged.</exception>
    public static (RawSamples Raw, ImageFileInfo Info, Lazy<Metadata?> Metadata) Read(
        string path, int page, CancellationToken cancel = default)
    {
        using VipsImage opened = Open(path, page);
        return Complain(() =>
        {
            ImageFileInfo info = InfoOf(opened);

            // The same memory as bytes, whatever the sample type.
            using VipsImage bytes =
                opened.Copy(bands: opened.Bands * ImageFile.SizeOf(info.SampleType), format: Enums.BandFormat.Uchar);
            var raw = new RawSamples(
                Vips.Cancellable(bytes, static image => image.WriteToMemory<byte>(), cancel), info.SampleType,
                opened.Bands);
            Metadata metadata = Metadata.Of(opened);
            return (raw, info, new Lazy<Metadata?>(metadata));
        });
    }

    /// <summary>The header's fields; null where libvips does not read the file.</summary>
    public static Metadata? MetadataOf(string path)
    {
        try
        {
            using VipsImage opened = Open(path, 0);
            return Metadata.Of(opened);
        }
        catch (BadImageFileException)
        {
            return null;
        }
    }

    /// <summary>What the header says.</summary>
    public static ImageFileInfo InfoOf(VipsImage opened)
    {
        bool alpha = opened.HasAlpha();
        return new ImageFileInfo(
            opened.Width, opened.Height, opened.Bands - (alpha ? 1 : 0), PagesOf(opened),
            ImageFile.TypeOf(opened.Format), alpha, FormatName(opened), null);
    }

    /// <summary>Pages of the file.</summary>
    public static int PagesOf(VipsImage opened) =>
        opened.Contains("n-pages")
            ? Convert.ToInt32(opened.Get("n-pages"), System.Globalization.CultureInfo.InvariantCulture)
            : 1;

    private static string FormatName(VipsImage opened) =>
        opened.Contains("vips-loader")
            ? ((string)opened.Get("vips-loader")).Replace("load", string.Empty, StringComparison.Ordinal)
            : string.Empty;

    private static T Complain<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (VipsException failure)
        {
            throw new BadImageFileException(Vips.Reason(failure), failure);
        }
    }
}
