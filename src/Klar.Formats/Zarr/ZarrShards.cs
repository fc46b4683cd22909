using System.Buffers.Binary;

namespace Klar.Formats.Zarr;

/// <summary>Files that hold several chunks each, and a list of where they are.</summary>
/// <remarks>Zarr's codec "sharding_indexed", https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed.
/// </remarks>
internal sealed class ZarrShards
{
    private const int EntryBytes = 2 * sizeof(ulong);
    private const int ChecksumBytes = sizeof(uint);
    private const int MaxIndexBytes = 1 << 28;
    private const int KeptIndices = 64;

    private readonly IZarrStore _store;
    private readonly string _folder;
    private readonly ZarrLayout _layout;
    private readonly int[] _inShard;
    private readonly int _indexBytes;
    private readonly int _storedIndexBytes;
    private readonly Dictionary<string, byte[]?> _indices = [];

    /// <param name="store">Where the files are.</param>
    /// <param name="folder">The array's folder, with a slash behind it.</param>
    /// <param name="layout">The array's layout, which has shards.</param>
    /// <exception cref="BadImageFileException">It makes no sense.</exception>
    public ZarrShards(IZarrStore store, string folder, ZarrLayout layout)
    {
        (_store, _folder, _layout) = (store, folder, layout);
        _inShard = [.. layout.Shards!.Zip(layout.Chunks, static (shard, chunk) => shard / chunk)];
        long chunks = _inShard.Aggregate(1L, static (product, size) => Math.Min(int.MaxValue, product * size));
        if (layout.IndexCodecs is not { Compressors: ([] or ["crc32c"]) and var compressors, BigEndian: false }
            || chunks * EntryBytes > MaxIndexBytes)
        {
            throw new BadImageFileException("its shards have lists of a kind that Klar does not read");
        }

        _indexBytes = (int)chunks * EntryBytes;
        _storedIndexBytes = _indexBytes + (compressors.Count * ChecksumBytes);
    }

    /// <summary>A chunk's bytes as they are stored; null where it is missing.</summary>
    public byte[]? Read(IReadOnlyList<int> place)
    {
        string shard = _folder + _layout.NameOf(place.Select((at, i) => at / _inShard[i]));
        if (Index(shard) is not { } index)
        {
            return null;
        }

        int number = 0;
        for (int i = 0; i < place.Count; i++)
        {
            number = (number * _inShard[i]) + (place[i] % _inShard[i]);
        }

        ulong at = BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan(number * EntryBytes));
        ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan((number * EntryBytes) + sizeof(ulong)));
        if ((at, bytes) == (ulong.MaxValue, ulong.MaxValue))
        {
            return null;
        }

        return at <= long.MaxValue && bytes <= (ulong)Array.MaxLength
            ? _store.Read(shard, (long)at, (int)bytes)
            : throw new BadImageFileException("damaged: a list of chunks points beyond its file");
    }

    private byte[]? Index(string shard)
    {
        if (_indices.TryGetValue(shard, out byte[]? known))
        {
            return known;
        }

        if (_indices.Count >= KeptIndices)
        {
            _indices.Clear();
        }

        byte[]? stored = _store.Read(shard, _layout.IndexAtStart ? 0 : -_storedIndexBytes, _storedIndexBytes);
        return _indices[shard] = stored is null ? null : _layout.IndexCodecs!.Decoded(stored, _indexBytes);
    }
}
