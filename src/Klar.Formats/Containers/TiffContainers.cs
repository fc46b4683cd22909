using System.Text;
using Klar.Formats.Lsm;
using Klar.Formats.OmeSets;
using Klar.Formats.Stk;

namespace Klar.Formats.Containers;

/// <summary>TIFF files of microscopes whose pages are not what TIFF says: LSM and STK, by their private tags.</summary>
internal static class TiffContainers
{
    private const int Description = 270;
    private const int StripOffsets = 273;

    /// <summary>Opens such a file; null where it is a TIFF file like others, or none.</summary>
    /// <exception cref="BadImageFileException">It is damaged; the message says why in one line.</exception>
    public static IImageContainer? Open(string path)
    {
        if (!TiffHeader.Is(path) || FirstOf(path) is not { } tags)
        {
            return null;
        }

        if (Find(tags, LsmInfo.Tag) is { } lsm && LsmInfo.Is(path, lsm))
        {
            return ImageContainers.Guarded(
                "LSM", () => Opened(path, file => new LsmFile(file, path, (long)lsm.Number)));
        }

        return Find(tags, StkInfo.PlanesTag) is null || Find(tags, StripOffsets) is not { } strips
            ? SetOf(path, tags)
            : ImageContainers.Guarded("STK", () => Opened(path, file =>
            {
                using FileStream header = File.OpenRead(path);
                var info = new StkInfo(header, tags);
                return new StkFile(file, path, info, (long)TiffHeader.NumbersOf(header, strips, 1)[0]);
            }));
    }

    /// <summary>The first file of the OME-TIFF set that a file belongs to; null where it is whole by itself.</summary>
    public static string? FirstOfSet(string path)
    {
        try
        {
            if (path.EndsWith(OmeSet.Companion, StringComparison.OrdinalIgnoreCase))
            {
                return OmeSet.FirstFileOf(path, File.ReadAllText(path));
            }

            return TiffHeader.Is(path) && FirstOf(path) is { } tags
                ? OmeSet.FirstFileOf(path, DescriptionOf(path, tags))
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or BadImageFileException)
        {
            // Its own turn will say what is wrong with it.
            return null;
        }
    }

    private static OmeSet? SetOf(string path, TiffHeader.Entry[] tags)
    {
        string description;
        try
        {
            description = DescriptionOf(path, tags);
        }
        catch (EndOfStreamException)
        {
            // What is wrong with it the reader of TIFF files says.
            return null;
        }

        return description.Contains("<OME", StringComparison.Ordinal)
            ? ImageContainers.Guarded("OME-TIFF", () => OmeSet.Of(path, description))
            : null;
    }

    private static string DescriptionOf(string path, TiffHeader.Entry[] tags)
    {
        using FileStream file = File.OpenRead(path);
        if (Find(tags, Description) is not { } text || text.Count > (ulong)file.Length)
        {
            return string.Empty;
        }

        return Letters.Of(Encoding.Latin1.GetString(TiffHeader.BytesOf(file, text))).TrimEnd((char)0);
    }

    private static IImageContainer Opened(string path, Func<FileBytes, IImageContainer> open)
    {
        var file = new FileBytes(path);
        try
        {
            return open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static TiffHeader.Entry? Find(TiffHeader.Entry[] tags, int tag) =>
        Array.Find(tags, one => one.Tag == tag) is { Count: > 0 } found ? found : null;

    /// <summary>The tags of the first directory; null where they cannot be read, which others will say.</summary>
    private static TiffHeader.Entry[]? FirstOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return [.. TiffHeader.Entries(file).TakeWhile(static entry => entry.Page == 0)];
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            return null;
        }
    }
}
