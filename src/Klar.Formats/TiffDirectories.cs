namespace Klar.Formats;

/// <summary>
/// The directories of a TIFF file, one for each page, found by following their links. LibTiff counts them in 16 bits;
/// the format does not count them at all.
/// </summary>
internal sealed class TiffDirectories
{
    private const int SubDirectories = 330;

    private readonly string _path;
    private readonly List<long> _offsets = [];
    private readonly Dictionary<int, long> _smallColourMaps = [];

    private TiffDirectories(string path) => _path = path;

    /// <summary>How many there are.</summary>
    public int Count => _offsets.Count;

    /// <summary>Whether a page has sub-images, which are no pages: as a rule the smaller copies of a pyramid.</summary>
    public bool HaveSubImages { get; private set; }

    /// <summary>Where a page's directory lies.</summary>
    public long OffsetOf(int page) => _offsets[page];

    /// <summary>
    /// The look-up table that ImageJ writes with a page's samples of 16 bits: 3 x 256 numbers, where TIFF wants
    /// 3 x 65536 and LibTiff ignores the tag. Null where there is none.
    /// </summary>
    public short[]? SmallColourMapOf(int page) =>
        _smallColourMaps.TryGetValue(page, out long at) ? TiffHeader.SmallColourMap(_path, at) : null;

    /// <summary>
    /// The directories of a file; null where they, or the values of their tags, are not within it, or one is linked
    /// twice: LibTiff believes a tag that announces gigabytes, and allocates them.
    /// </summary>
    /// <exception cref="BadImageFileException">A linked directory is not there: pages are missing.</exception>
    public static TiffDirectories? Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        var directories = new TiffDirectories(path);
        try
        {
            foreach (TiffHeader.Entry entry in TiffHeader.Entries(file))
            {
                if (entry.Page == directories.Count)
                {
                    directories._offsets.Add(entry.DirectoryAt);
                }

                if (entry.Count > (ulong)file.Length / TiffHeader.SizeOf(entry.Type))
                {
                    return null;
                }

                directories.HaveSubImages |= entry.Tag == SubDirectories;
                if (entry.IsSmallColourMap)
                {
                    directories._smallColourMaps[entry.Page] = entry.ValueAt;
                }
            }

            return directories;
        }
        catch (EndOfStreamException) when (directories.Count > 0)
        {
            throw new BadImageFileException($"truncated TIFF (page {directories.Count + 1} is missing)");
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            return null;
        }
    }
}
