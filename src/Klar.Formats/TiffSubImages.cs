namespace Klar.Formats;

/// <summary>
/// Makes sub-images of pages that follow a page. LibTiff.NET loses the beginning of a file in which it writes
/// sub-images, so it is given a tag of another number with room for their places, and pages.
/// </summary>
internal static class TiffSubImages
{
    /// <summary>The tag as LibTiff writes it: 32-bit numbers, two for each place where offsets have 64 bits.</summary>
    public const int StandIn = 65401;

    private const ulong Long = 4;
    private const ulong Long8 = 16;
    private const int TypeAt = 2;
    private const int CountAt = 4;

    /// <summary>
    /// Puts the places of the directories that follow a page with the tag into it, as many as it has room for, and
    /// takes them out of the chain of pages.
    /// </summary>
    public static void Link(FileStream file)
    {
        int offset = TiffHeader.OffsetSize(file);
        (int counter, int head, int size) = offset == 8 ? (8, 12, 20) : (2, 8, 12);
        TiffHeader.Entry[][] all =
            [.. TiffHeader.Entries(file).GroupBy(static entry => entry.Page).Select(static page => page.ToArray())];
        long LinkOf(int number) => all[number][0].DirectoryAt + counter + ((long)all[number].Length * size);
        for (int page = 0; page < all.Length; page++)
        {
            TiffHeader.Entry tag = Array.Find(all[page], static entry => entry.Tag == StandIn);
            if (tag.Tag != StandIn)
            {
                continue;
            }

            int count = (int)tag.Count * sizeof(int) / offset;
            bool inTag = count == 1;
            long values = inTag ? tag.ValueAt : TiffHeader.PlaceAt(file, tag.ValueAt);
            for (int i = 0; i < count; i++)
            {
                TiffHeader.Put(file, values + ((long)i * offset), (ulong)all[page + 1 + i][0].DirectoryAt, offset);
                TiffHeader.Put(file, LinkOf(page + 1 + i), 0, offset);
            }

            int next = page + 1 + count;
            TiffHeader.Put(file, LinkOf(page), next < all.Length ? (ulong)all[next][0].DirectoryAt : 0, offset);
            TiffHeader.Put(file, tag.ValueAt - head + TypeAt, offset == 8 ? Long8 : Long, sizeof(short));
            TiffHeader.Put(file, tag.ValueAt - head + CountAt, (ulong)count, offset);
            page += count;
        }
    }
}
