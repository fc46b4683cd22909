using System.Buffers.Binary;
using System.Text;
using Klar.Formats.Denoising;
using Klar.Formats.Zarr;

namespace Klar.Formats;

/// <summary>
/// The pages of a result on their way to a file. What is done stands in an unfinished file beside it, page by page
/// and each with its checksum, so that after any end, however sudden, the work goes on at the page where it stopped.
/// The output itself is written at last, whole or not at all.
/// </summary>
public sealed class StackResult : IPageSink
{
    private const int Head = sizeof(long) + sizeof(long) + Sha256.HashSize;

    private readonly string _output;
    private readonly ImageStack _source;
    private readonly StackAxes _axes;
    private readonly IReadOnlyList<int> _pages;
    private readonly SampleType? _type;
    private readonly WriteOptions _options;
    private readonly FileStream _file;
    private readonly List<(long At, long Bytes)> _done = [];
    private readonly List<long> _clipped = [];

    private StackResult(
        string output, ImageStack source, StackAxes axes, IReadOnlyList<int> pages, SampleType? type,
        WriteOptions options, FileStream file) =>
        (_output, _source, _axes, _pages, _type, _options, _file) =
            (output, source, axes, pages, type, options, file);

    /// <summary>Pages that are done; the next one is that number of the pages asked for.</summary>
    public int Done => _done.Count;

    /// <summary>Samples of them that lay outside of the type's range.</summary>
    public long Clipped => _clipped.Sum();

    /// <summary>Begins, or goes on where a run with the same <paramref name="key"/> stopped.</summary>
    /// <param name="output">The file that will be written.</param>
    /// <param name="source">The stack it is made from.</param>
    /// <param name="axes">What its pages are.</param>
    /// <param name="pages">Those of its pages that are kept.</param>
    /// <param name="key">What the samples depend on: input and settings.</param>
    /// <param name="resume">Whether to go on; else anew.</param>
    /// <param name="type">Another sample type: <see cref="SampleType.Float32"/> or <see cref="SampleType.UInt16"/>;
    /// null for the source's own. The values stay.</param>
    /// <param name="options">How the file stores its samples; null for as in the source.</param>
    /// <exception cref="BadImageFileException">The folder or the format will not do.</exception>
    public static StackResult Open(
        string output, ImageStack source, StackAxes axes, IReadOnlyList<int> pages, string key, bool resume,
        SampleType? type = null, WriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(pages);
        RefuseUnwritable(output, source, pages.Count, type);
        ImageFile.RefuseNoFolder(output);
        var file = new FileStream(
            UnfinishedOf(output), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        var result = new StackResult(output, source, axes, pages, type, options ?? WriteOptions.AsSource, file);
        result.Begin(Sha256.Of(Encoding.UTF8.GetBytes($"{key}\n{type}")), resume);
        return result;
    }

    /// <summary>Refuses a name whose format cannot hold this, before any work is done.</summary>
    /// <exception cref="BadImageFileException">The message says why in one line.</exception>
    public static void RefuseUnwritable(string output, ImageStack source, int pages, SampleType? type = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ImageFile.RefuseUnwritable(output, source.Info with { SampleType = type ?? source.Info.SampleType });
        if (pages > 1 && !SaveOptions.IsTiff(output) && !OmeZarrResult.HasName(output))
        {
            throw new BadImageFileException(
                $"'{Path.GetExtension(output)}' files hold one page here, and there are {pages}: write a TIFF file");
        }
    }

    /// <summary>The unfinished file of an output.</summary>
    public static string UnfinishedOf(string output) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(output))!, $".{Path.GetFileName(output)}.klar-unfinished");

    /// <summary>Keeps the next page.</summary>
    public void Add(LoadedImage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        page = page.As(_type);
        (RawSamples samples, long clipped) = page.Raw.With(page.Image.Planes, page.Image.Scale, _source.Cancel);
        byte[] head = new byte[Head];
        BinaryPrimitives.WriteInt64LittleEndian(head, samples.Bytes.LongLength);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(sizeof(long)), clipped);
        Sha256.Of(samples.Bytes).CopyTo(head.AsSpan(2 * sizeof(long)));
        _file.Write(head);
        _done.Add((_file.Position, samples.Bytes.LongLength));
        _file.Write(samples.Bytes);
        _file.Flush();
        _clipped.Add(clipped);
    }

    /// <summary>Takes back what was kept after the first <paramref name="pages"/>.</summary>
    internal void KeepFirst(int pages)
    {
        if (pages >= Done)
        {
            return;
        }

        _file.SetLength(_done[pages].At - Head);
        _file.Position = _file.Length;
        _done.RemoveRange(pages, Done - pages);
        _clipped.RemoveRange(pages, _clipped.Count - pages);
    }

    /// <summary>A page that is kept, as it will stand in the output.</summary>
    internal Image Kept(int page, SampleScale scale)
    {
        LoadedImage described = _source.Described(_pages[page]).As(_type);
        ImageFileInfo info = described.Info;
        RawSamples samples = Samples(page, described.Raw);
        _file.Position = _file.Length;
        return new Image(
            samples.ToPlanes(info.Width, info.Height, info.Channels, scale, _source.Cancel), scale);
    }

    /// <summary>Writes the output and takes the unfinished file away.</summary>
    /// <param name="note">What was done, a line for the description.</param>
    /// <exception cref="BadImageFileException">A page is damaged.</exception>
    public void Finish(string note)
    {
        var pages = new ResultPages(_source, _axes, _pages, _type, _options, Samples);
        if (OmeZarrResult.HasName(_output))
        {
            OmeZarrResult.Write(_output, pages, note);
        }
        else
        {
            TiffResult.Write(_output, pages, [.. _done.Select(static page => page.Bytes)], note);
        }

        Abandon();
    }

    /// <summary>Takes the unfinished file away.</summary>
    public void Abandon()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is not wanted any more.
        }

        File.Delete(_file.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private RawSamples Samples(int page, RawSamples like)
    {
        byte[] bytes = new byte[_done[page].Bytes];
        _file.Position = _done[page].At;
        _file.ReadExactly(bytes);
        return like.Replaced(bytes);
    }

    private void Begin(byte[] key, bool resume)
    {
        byte[] found = new byte[key.Length];
        if (!resume
            || _file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) < found.Length
            || !found.AsSpan().SequenceEqual(key))
        {
            _file.SetLength(0);
            _file.Write(key);
            return;
        }

        // Pages are good as far as their checksums hold.
        long good = _file.Position;
        while (Done < _pages.Count && ReadPage())
        {
            good = _file.Position;
        }

        _file.SetLength(good);
        _file.Position = good;
    }

    private bool ReadPage()
    {
        _source.Cancel.ThrowIfCancellationRequested();
        byte[] head = new byte[Head];
        if (_file.ReadAtLeast(head, Head, throwOnEndOfStream: false) < Head)
        {
            return false;
        }

        (long bytes, long clipped) = (BinaryPrimitives.ReadInt64LittleEndian(
            head), BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(sizeof(long))));
        if (bytes < 0 || bytes > _file.Length - _file.Position)
        {
            return false;
        }

        long at = _file.Position;
        byte[] samples = new byte[bytes];
        _file.ReadExactly(samples);
        if (!Sha256.Of(samples).AsSpan().SequenceEqual(head.AsSpan(2 * sizeof(long))))
        {
            return false;
        }

        _done.Add((at, bytes));
        _clipped.Add(clipped);
        return true;
    }
}
