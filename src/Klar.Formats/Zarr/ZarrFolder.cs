using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>A Zarr hierarchy that is a folder.</summary>
internal sealed class ZarrFolder(string folder) : IZarrStore
{
    private const long MaxBytes = 1L << 31;

    /// <inheritdoc/>
    public bool Has(string name) => File.Exists(Path.Combine(folder, name));

    /// <inheritdoc/>
    public byte[]? Read(string name)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        FileKind.RefuseStream(path);
        return new FileInfo(path).Length < MaxBytes
            ? File.ReadAllBytes(path)
            : throw new BadImageFileException($"damaged: its {name} is too large");
    }

    /// <inheritdoc/>
    public byte[]? Read(string name, long at, int count)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        FileKind.RefuseStream(path);
        using var file = new FileBytes(path);
        return file.Read(at < 0 ? file.Length + at : at, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Files are open only while they are read.
    }
}
