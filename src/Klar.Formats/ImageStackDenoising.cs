using Klar.Formats.Denoising;

namespace Klar.Formats;

/// <summary>What a program does with a whole file.</summary>
public sealed partial class ImageStack
{
    private StreamCopy? _copy;

    /// <summary>Opens an image that is read from a stream, by way of a temporary file.</summary>
    /// <param name="stream">The image's bytes, from where the stream is to its end; it stays open.</param>
    /// <param name="scene">Which of its images, from 0; null for the only one.</param>
    /// <param name="cancel">Ends the reading, then and later.</param>
    /// <exception cref="BadImageFileException">There is no such image; the message says why in one line.</exception>
    public static ImageStack Open(Stream stream, int? scene = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var copy = StreamCopy.Of(stream, cancel);
        try
        {
            ImageStack stack = Open(copy.Path, scene, cancel);
            stack._copy = copy;
            return stack;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Denoises all pages, one by one on the scale of the whole file, and writes them to a file with the metadata of
    /// this one. The file appears when all is done, or not at all; one that exists is replaced.
    /// </summary>
    /// <param name="denoiser">What denoises a page.</param>
    /// <param name="output">The file to write; of several pages, a TIFF file.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="cancel">Ends the work; nothing is left behind.</param>
    /// <returns>How each page was made.</returns>
    /// <exception cref="BadImageFileException">
    /// A page is damaged, or the output's format cannot hold the result.
    /// </exception>
    /// <exception cref="NonFiniteSampleException">A sample is NaN or infinite.</exception>
    public IReadOnlyList<DenoiseReport> Denoise(
        IDenoiser denoiser, string output, IProgress<DenoiseProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentException.ThrowIfNullOrEmpty(output);
        int[] pages = [.. Enumerable.Range(0, Pages)];
        StackResult.RefuseUnwritable(output, this, pages.Length);
        SampleScale scale = Scale(pages);
        using IPageSink sink = pages.Length == 1
            ? new SinglePage(output, this)
            : StackResult.Open(output, this, Axes, pages, key: string.Empty, resume: false);
        try
        {
            var reports = new List<DenoiseReport>();
            foreach (int page in pages)
            {
                LoadedImage loaded = Read(page, scale);
                Denoised denoised = denoiser.Denoise(
                    loaded.Image, PartProgress.Of(progress, "page", page, pages.Length), cancel);
                reports.Add(denoised.Report);
                sink.Add(loaded with { Image = denoised.Image });
            }

            cancel.ThrowIfCancellationRequested();
            sink.Finish($"Denoised with Klar: {reports[0].Method}, seed {reports[0].Seed}");
            return reports;
        }
        catch
        {
            sink.Abandon();
            throw;
        }
    }
}
