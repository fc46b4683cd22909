using Microsoft.Win32.SafeHandles;

namespace Klar.Formats.Containers;

/// <summary>A file whose parts are read by their place; what reaches beyond its end is damage.</summary>
internal sealed class FileBytes : IDisposable
{
    private readonly SafeFileHandle _file;

    public FileBytes(string path)
    {
        _file = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_file);
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Whether a part of this place and size lies within the file.</summary>
    public bool Has(long at, long count) => at >= 0 && count >= 0 && count <= Length && at <= Length - count;

    /// <exception cref="BadImageFileException">The file ends before that.</exception>
    public byte[] Read(long at, long count)
    {
        RefuseBeyond(at, count);
        byte[] bytes = new byte[count];
        Fill(at, bytes);
        return bytes;
    }

    /// <exception cref="BadImageFileException">The file ends before that.</exception>
    public void Read(long at, Span<byte> to)
    {
        RefuseBeyond(at, to.Length);
        Fill(at, to);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void RefuseBeyond(long at, long count)
    {
        if (!Has(at, count) || count > Array.MaxLength)
        {
            throw new BadImageFileException(at > Length || at < 0
                ? "truncated or damaged: its header points beyond its end"
                : "truncated or damaged: a part of it reaches beyond its end");
        }
    }

    private void Fill(long at, Span<byte> to)
    {
        while (to.Length > 0)
        {
            int read = RandomAccess.Read(_file, to, at);
            if (read == 0)
            {
                throw new BadImageFileException("the file was shortened while it was read");
            }

            at += read;
            to = to[read..];
        }
    }
}
