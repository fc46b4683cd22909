namespace Klar.Formats.Zarr;

/// <summary>Where the files of a Zarr hierarchy are: names with slashes, and bytes.</summary>
internal interface IZarrStore : IDisposable
{
    /// <summary>Whether there is a file of that name.</summary>
    bool Has(string name);

    /// <summary>A file's bytes; null where there is none.</summary>
    /// <exception cref="BadImageFileException">It cannot be a part of an image.</exception>
    byte[]? Read(string name);

    /// <summary>A part of a file; null where there is no such file.</summary>
    /// <param name="name">The file.</param>
    /// <param name="at">The place of the part; below 0 counted from the end.</param>
    /// <param name="count">Its bytes.</param>
    /// <exception cref="BadImageFileException">The file ends before that.</exception>
    byte[]? Read(string name, long at, int count);
}
