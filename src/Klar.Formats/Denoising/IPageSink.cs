namespace Klar.Formats.Denoising;

/// <summary>Takes the pages of a file that is written when all of them are there.</summary>
internal interface IPageSink : IDisposable
{
    /// <summary>Pages that are there, of a run before too.</summary>
    int Done { get; }

    /// <summary>Samples of them that lay outside of the type's range.</summary>
    long Clipped { get; }

    /// <summary>Takes the next page.</summary>
    void Add(LoadedImage page);

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="note">What was done, a line for its description.</param>
    void Finish(string note);

    /// <summary>Leaves nothing behind.</summary>
    void Abandon();
}
