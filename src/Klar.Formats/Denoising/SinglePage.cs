using Klar.Formats.Containers;
using Klar.Formats.Zarr;

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

    /// <summary>How the file stores its samples.</summary>
    public WriteOptions Options { get; init; } = WriteOptions.AsSource;

    public int Done => _page is null ? 0 : 1;

    public long Clipped { get; private set; }

    public void Add(LoadedImage page) => _page = page;

    public void Finish(string note)
    {
        LoadedImage page = _page ?? throw new InvalidOperationException("There is no page.");
        if (OmeZarrResult.HasName(output))
        {
            LoadedImage typed = page.As(Type);
            (RawSamples samples, Clipped) = typed.Raw.With(typed.Image.Planes, typed.Image.Scale, source.Cancel);
            ContainedImage image = source.Contained with { Info = typed.Info };
            OmeZarrResult.Write(output, image, _ => samples, Options, note, source.Cancel);
            return;
        }

        Clipped = IsPlain
            ? ImageFile.Write(output, page.Image, Type, source.Cancel)
            : ImageFile.Write(output, page, source.DescriptionFor(output, note, Type), Type, Options, source.Cancel);
    }

    public void Abandon() => _page = null;

    public void Dispose() => Abandon();
}
