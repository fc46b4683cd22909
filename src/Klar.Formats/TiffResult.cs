namespace Klar.Formats;

/// <summary>Writes the pages of a result as TIFF, in the source's own layout but for what is asked for.</summary>
internal static class TiffResult
{
    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="output">The file.</param>
    /// <param name="pages">Its pages.</param>
    /// <param name="bytes">Bytes of samples of each.</param>
    /// <param name="note">What was done, a line for the description.</param>
    public static void Write(string output, ResultPages pages, IReadOnlyList<long> bytes, string note)
    {
        ImageStack source = pages.Source;
        string? description = pages.Description(output, note);
        var kept = new KeptPages(pages.Axes, pages.Kept);
        ImageJMetadata? imageJ = pages.AreSelected ? source.ImageJ?.Of(kept) : null;
        bool oneChannel = pages.AreSelected && pages.Axes.SizeOf('C') > 1 && kept.Places('C').Count == 1;
        short[]? colours = oneChannel ? imageJ?.LookUpTable : null;
        bool oneBit = source.HasOneBit && pages.Type is null or SampleType.UInt8
            && Enumerable.Range(0, pages.Count).All(number =>
                pages.Samples(number, source.Read(pages.Kept[number]).Raw).AreBlackOrWhite);
        TiffWriter.Page Page(int number)
        {
            LoadedImage page = pages.Described(number);
            TiffTags? tags = colours is null ? page.Tags : page.Tags?.Coloured(colours, page.Info.SampleType);
            string? own = number == 0 || page.Tags?.Description == source.DescriptionOfFirst ? description : null;
            return new TiffWriter.Page(
                pages.Samples(number, page.Raw), page.Info, ImageFile.PhotometricOf(page), tags, own,
                pages.AreSelected)
            {
                OneBit = oneBit,
                Layout = TiffLayout.Of(page, pages.Options),
                ImageJ = number == 0 ? imageJ : null,
            };
        }

        AtomicFile.Write(output, unfinished =>
        {
            bool behindEachOther = pages.Count > 1
                && !oneBit
                && pages.Options is { Compression: null or SampleCompression.None, Pyramid: false }
                && source.IsReadBehindEachOther
                && bytes.All(count => count == bytes[0]);
            bool oneDirectory = behindEachOther && source.HasOneDirectory;
            (bool bigEndian, bool big) = source.Layout;
            long all = bytes.Sum();
            long withCopies = pages.Options.Pyramid || source.HasPyramid ? all + (all / 2) : all;
            using var writer = new TiffWriter(unfinished, oneDirectory ? 0 : withCopies, bigEndian, big)
            {
                Cancel = source.Cancel,
            };
            if (behindEachOther)
            {
                writer.WriteBehindEachOther(pages.Count, Page, oneDirectory);
            }
            else
            {
                for (int i = 0; i < pages.Count; i++)
                {
                    writer.Write(Page(i));
                }
            }

            writer.Finish();
        });
    }
}
