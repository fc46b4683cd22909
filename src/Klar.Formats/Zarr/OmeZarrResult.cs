using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>Writes the pages of a result as a folder of OME-Zarr.</summary>
internal static class OmeZarrResult
{
    /// <summary>Whether a name is that of such a folder.</summary>
    public static bool HasName(string output) =>
        Path.GetExtension(output).Equals(".zarr", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the folder, whole or not at all.</summary>
    /// <param name="output">The folder.</param>
    /// <param name="pages">The pages.</param>
    /// <param name="note">What was done, a line for its metadata.</param>
    public static void Write(string output, ResultPages pages, string note)
    {
        var kept = new KeptPages(pages.Axes, pages.Kept);
        ContainedImage image = pages.Source.Contained.With(kept, pages.Type);
        if (image.Axes.Pages != pages.Count)
        {
            throw new BadImageFileException(
                "the pages that are kept are no grid of frames, channels and slices, which OME-Zarr needs: "
                + "write a TIFF file");
        }

        Write(
            output, image, i => pages.Samples(i, pages.Described(i).Raw), pages.Options, note, pages.Source.Cancel);
    }

    /// <summary>The same for an image of any origin.</summary>
    /// <param name="output">The folder.</param>
    /// <param name="image">What it is.</param>
    /// <param name="page">Gives the samples of a page.</param>
    /// <param name="options">How samples are stored.</param>
    /// <param name="note">What was done, a line; empty for nothing.</param>
    /// <param name="cancel">Ends it.</param>
    public static void Write(
        string output, ContainedImage image, Func<int, RawSamples> page, WriteOptions options, string note,
        CancellationToken cancel)
    {
        OmeZarrVersion version = options.OmeZarr ?? image.ZarrVersion ?? OmeZarrVersion.V04;
        SampleCompression compression = options.Compression ?? SampleCompression.Zstd;
        AtomicFile.WriteFolder(output, unfinished =>
        {
            string name = image.Name.Length > 0 ? image.Name : FileName.Stem(output);
            var writer = new OmeZarrWriter(unfinished, image with { Name = name }, version, compression);
            for (int i = 0; i < image.Axes.Pages; i++)
            {
                cancel.ThrowIfCancellationRequested();
                writer.Write(i, page(i), cancel);
            }

            writer.Finish(note);
        });
    }
}
