namespace Klar.Formats;

/// <summary>The pages of a result as they are written to a file.</summary>
/// <param name="Source">The stack they were made from.</param>
/// <param name="Axes">What its pages are.</param>
/// <param name="Kept">The numbers of its pages that the result has.</param>
/// <param name="Type">Another sample type; null for the source's own.</param>
/// <param name="Options">How the file stores samples.</param>
/// <param name="Samples">Gives a page's samples by its number in the result; the other argument is a page of the source
/// in the type that is written.</param>
internal sealed record ResultPages(
    ImageStack Source, StackAxes Axes, IReadOnlyList<int> Kept, SampleType? Type, WriteOptions Options,
    Func<int, RawSamples, RawSamples> Samples)
{
    /// <summary>How many there are.</summary>
    public int Count => Kept.Count;

    /// <summary>Whether pages of the source are left out.</summary>
    public bool AreSelected => Count != Source.Pages;

    /// <summary>What the source says of a page.</summary>
    public LoadedImage Described(int number) => Source.Described(Kept[number]).As(Type);

    /// <summary>The description of the file; null where each page keeps its own.</summary>
    public string? Description(string output, string note) =>
        Source.DescriptionFor(Path.GetFileName(output), note, Kept, Axes, Type);
}
