namespace Klar.Formats.Denoising;

/// <summary>The one page of a file of any format, kept in memory until it is written.</summary>
/// <param name="output">The file.</param>
/// <param name="source">The file that it is made from.</param>
internal sealed class SinglePage(string output, ImageStack source) : IPageSink
{
    private LoadedImage? _page;

    /// <summary>The sample type; known when the noise is.</summary>
    public SampleType Type { get; set; } = source.Info.SampleType;

    /// <summary>Whether the samples alone are written, without what the source says of them.</summary>
    public bool IsPlain { get; init; }

    public int Done => _page is null ? 0 : 1;

    public long Clipped { get; private set; }

    public void Add(LoadedImage page) => _page = page;

    public void Finish(string note)
    {
        LoadedImage page = _page ?? throw new InvalidOperationException("There is no page.");
        Clipped = IsPlain
            ? ImageFile.Write(output, page.Image, Type, source.Cancel)
            : ImageFile.Write(output, page, source.DescriptionFor(output, note, Type), Type, source.Cancel);
    }

    public void Abandon() => _page = null;

    public void Dispose() => Abandon();
}
