using Klar.Formats.Lsm;

namespace Klar.Formats;

/// <summary>
/// The directories of a TIFF file, found by following their links, and which of them are pages: smaller copies of a
/// page are none. LibTiff counts directories in 16 bits; the format does not count them at all.
/// </summary>
internal sealed class TiffDirectories
{
    private const int MaxLevels = 32;
    private const int DescriptionTag = 270;
    private const int SubDirectories = 330;
    private const int SmallDescription = 6;

    private readonly string _path;
    private readonly List<TiffDirectory> _all = [];
    private readonly List<int> _pages = [];
    private readonly Dictionary<int, long> _smallColourMaps = [];
    private readonly Dictionary<int, TiffPyramid> _pyramids = [];

    private TiffDirectories(string path) => _path = path;

    /// <summary>How many pages there are.</summary>
    public int Count => _pages.Count;

    /// <summary>Whether the file has pictures beside its pages that are no copies of them: labels of a slide.</summary>
    public bool HaveOtherPictures { get; private set; }

    /// <summary>Where a page's directory lies.</summary>
    public long OffsetOf(int page) => _all[_pages[page]].At;

    /// <summary>The number of a page's directory among all that are linked.</summary>
    public int NumberOf(int page) => _pages[page];

    /// <summary>The smaller copies of a page; null where there are none.</summary>
    public TiffPyramid? PyramidOf(int page) => _pyramids.GetValueOrDefault(page);

    /// <summary>
    /// The look-up table that ImageJ writes with a page's samples of 16 bits: 3 x 256 numbers, where TIFF wants
    /// 3 x 65536 and LibTiff ignores the tag. Null where there is none.
    /// </summary>
    public short[]? SmallColourMapOf(int page) =>
        _smallColourMaps.TryGetValue(_pages[page], out long at) ? TiffHeader.SmallColourMap(_path, at) : null;

    /// <summary>
    /// The directories of a file; null where they, or the values of their tags, are not within it, or one is linked
    /// twice, or has a size that its strips do not fill: LibTiff believes a tag that announces gigabytes, and allocates
    /// them.
    /// </summary>
    /// <exception cref="BadImageFileException">A linked directory is not there: pages are missing.</exception>
    public static TiffDirectories? Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        var directories = new TiffDirectories(path);
        try
        {
            if (!directories.ReadAll(file) || directories._all.Exists(static one => one.IsBeyondItsParts))
            {
                return null;
            }

            directories.FindPages(file);
            return directories;
        }
        catch (EndOfStreamException) when (directories._all.Count > 0)
        {
            throw new BadImageFileException($"truncated TIFF (page {directories._all.Count + 1} is missing)");
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            return null;
        }
    }

    private bool ReadAll(FileStream file)
    {
        foreach (TiffHeader.Entry entry in TiffHeader.Entries(file))
        {
            if (entry.Page == _all.Count)
            {
                _all.Add(new TiffDirectory(entry.DirectoryAt));
            }

            if (entry.Count > (ulong)file.Length / TiffHeader.SizeOf(entry.Type))
            {
                return false;
            }

            _all[^1] = _all[^1].With(entry);
            if (entry.IsSmallColourMap)
            {
                _smallColourMaps[entry.Page] = entry.ValueAt;
            }
        }

        return true;
    }

    private void FindPages(FileStream file)
    {
        bool isSlide = _all.Count > 1 && IsOfSlideScanner(file), isLsm = _all.Count > 0 && _all[0].IsLsm;
        for (int i = 0; i < _all.Count; i++)
        {
            TiffDirectory one = _all[i];
            bool isSmaller = i > 0 && one.IsSmallerThan(_all[_pages[^1]]);
            if (isLsm && i > 0 && one.IsReduced)
            {
                // A thumbnail, which is no part of a pyramid.
                continue;
            }

            if (isSmaller && (isSlide ? one.IsTiled : one.IsReduced))
            {
                AddLevel(one);
            }
            else if (isSlide && i > 0)
            {
                HaveOtherPictures = true;
            }
            else
            {
                _pages.Add(i);
                AddSubImages(file, one);
            }
        }
    }

    private void AddLevel(TiffDirectory level)
    {
        int page = _pages.Count - 1;
        IReadOnlyList<(int, int)> before = _pyramids.GetValueOrDefault(page) is { ArePages: true } found
            ? found.Levels
            : [];
        if (before.Count < MaxLevels)
        {
            _pyramids[page] = new TiffPyramid([.. before, (level.Width, level.Height)], ArePages: true);
        }
    }

    private void AddSubImages(FileStream file, TiffDirectory page)
    {
        if (page.SubImages is not { } entry)
        {
            return;
        }

        var levels = new List<(int, int)>();
        try
        {
            foreach (ulong at in TiffHeader.NumbersOf(file, entry, MaxLevels))
            {
                var level = new TiffDirectory((long)at);
                level = TiffHeader.DirectoryAt(file, (long)at).Aggregate(level, static (one, tag) => one.With(tag));
                if (level.IsSmallerThan(page))
                {
                    levels.Add((level.Width, level.Height));
                }
            }
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            // A pyramid that is damaged is made anew all the same.
        }

        if (levels.Count > 0)
        {
            _pyramids[_pages.Count - 1] = new TiffPyramid(levels, ArePages: false);
        }
    }

    /// <summary>Whether it is a slide of Aperio, whose levels, thumbnail and labels are not marked as such.</summary>
    private bool IsOfSlideScanner(FileStream file)
    {
        if (_all[0].Description is not { Count: >= SmallDescription } entry)
        {
            return false;
        }

        ulong[] letters = TiffHeader.NumbersOf(file, entry with { Type = 1 }, SmallDescription);
        return string.Concat(letters.Select(static letter => (char)letter)) == "Aperio";
    }

    /// <summary>What a directory says that tells pages from smaller copies of them.</summary>
    private readonly record struct TiffDirectory(long At)
    {
        private const int SubFileType = 254;
        private const int ImageWidth = 256;
        private const int ImageLength = 257;
        private const int StripOffsets = 273;
        private const int RowsPerStrip = 278;
        private const int TileWidth = 322;
        private const int TileLength = 323;
        private const int TileOffsets = 324;

        // For so many that are not there LibTiff may take memory.
        private const int MaxMissingParts = 1 << 10;

        public int Width { get; private init; }

        public int Height { get; private init; }

        public bool IsTiled => Tile.Width > 0;

        private (int Width, int Height) Tile { get; init; }

        private int RowsOfStrip { get; init; }

        private ulong Parts { get; init; }

        /// <summary>Whether it would have very many more strips or tiles than it names.</summary>
        public bool IsBeyondItsParts
        {
            get
            {
                (long across, long down) = IsTiled
                    ? (((long)Width / Tile.Width) + 1, ((long)Height / Math.Max(1, Tile.Height)) + 1)
                    : (1, RowsOfStrip > 0 ? ((long)Height / RowsOfStrip) + 1 : 1);
                return (Int128)across * down > (Int128)Parts + MaxMissingParts;
            }
        }

        /// <summary>Whether it says that it is a copy of lower resolution.</summary>
        public bool IsReduced { get; private init; }

        public bool IsLsm { get; private init; }

        public TiffHeader.Entry? SubImages { get; private init; }

        public TiffHeader.Entry? Description { get; private init; }

        public TiffDirectory With(TiffHeader.Entry tag) => tag.Tag switch
        {
            SubFileType => this with { IsReduced = (tag.Number & 1) != 0 },
            ImageWidth => this with { Width = Size(tag.Number) },
            ImageLength => this with { Height = Size(tag.Number) },
            TileWidth => this with { Tile = Tile with { Width = Math.Max(1, Size(tag.Number)) } },
            TileLength => this with { Tile = Tile with { Height = Size(tag.Number) } },
            RowsPerStrip => this with { RowsOfStrip = Size(tag.Number) },
            StripOffsets or TileOffsets => this with { Parts = tag.Count },
            SubDirectories => this with { SubImages = tag },
            LsmInfo.Tag => this with { IsLsm = true },
            DescriptionTag => this with { Description = tag },
            _ => this,
        };

        public bool IsSmallerThan(TiffDirectory page) => Width > 0 && Height > 0
            && Width <= page.Width && Height <= page.Height && (Width, Height) != (page.Width, page.Height);

        private static int Size(ulong number) => (int)Math.Min(number, int.MaxValue);
    }
}
