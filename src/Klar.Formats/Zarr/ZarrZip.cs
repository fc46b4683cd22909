using System.IO.Compression;

namespace Klar.Formats.Zarr;

/// <summary>A Zarr hierarchy in a zip file, at its root or in its only folder.</summary>
internal sealed class ZarrZip : IZarrStore
{
    private const long MaxBytes = 1L << 31;

    // A file that names more than this many times its size in bytes is no image.
    private const long MaxExpansion = 4096;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly long _length;
    private readonly Lock _lock = new();
    private (string Name, byte[] Bytes)? _last;

    public ZarrZip(string path)
    {
        _length = FileName.LengthOf(path);
        _archive = ZipFile.OpenRead(path);
        string root;
        try
        {
            root = RootOf(_archive);
        }
        catch
        {
            _archive.Dispose();
            throw;
        }

        _entries = _archive.Entries
            .Where(entry => entry.FullName.StartsWith(root, StringComparison.Ordinal))
            .DistinctBy(static entry => entry.FullName)
            .ToDictionary(entry => entry.FullName[root.Length..], StringComparer.Ordinal);
    }

    /// <summary>Whether a file begins as zip files do.</summary>
    public static bool Begins(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8);

    /// <inheritdoc/>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <inheritdoc/>
    public byte[]? Read(string name)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(name, out ZipArchiveEntry? entry) ? Extracted(entry) : null;
        }
    }

    /// <inheritdoc/>
    public byte[]? Read(string name, long at, int count)
    {
        lock (_lock)
        {
            // Entries are read from their beginning: of a shard, whose parts are asked for one by one, that is once.
            if (_last?.Name != name)
            {
                _last = Read(name) is { } read ? (name, read) : null;
            }

            if (_last is not { Bytes: var bytes })
            {
                return null;
            }

            long from = at < 0 ? bytes.Length + at : at;
            return from >= 0 && from <= bytes.Length - count
                ? bytes.AsSpan((int)from, count).ToArray()
                : throw new BadImageFileException("truncated or damaged: a part of it reaches beyond its end");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private byte[] Extracted(ZipArchiveEntry entry)
    {
        if (entry.Length >= MaxBytes || entry.Length > (_length * MaxExpansion) + (1 << 20))
        {
            throw new BadImageFileException($"damaged: its {entry.FullName} is too large");
        }

        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The folder within the archive, with a slash behind it; empty for the archive itself.</summary>
    private static string RootOf(ZipArchive archive)
    {
        string first = archive.Entries
            .Select(static entry => entry.FullName)
            .Where(static name => OmeZarrHierarchy.Marks.Contains(name.Split('/')[^1]))
            .MinBy(static name => name.Count(static letter => letter == '/'))
            ?? throw new BadImageFileException("it is a zip file, and no OME-Zarr is in it");
        return first[..(first.LastIndexOf('/') + 1)];
    }
}
