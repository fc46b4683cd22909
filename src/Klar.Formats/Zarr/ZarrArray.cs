using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>An array of Zarr, of version 2 or 3, chunk by chunk.</summary>
internal sealed class ZarrArray
{
    private readonly IZarrStore _store;
    private readonly string _folder;
    private readonly ZarrShards? _shards;
    private readonly long[] _strides;

    /// <param name="store">Where its files are.</param>
    /// <param name="path">Its folder; empty for the root.</param>
    /// <exception cref="BadImageFileException">It is damaged, or of a kind that Klar does not read.</exception>
    public ZarrArray(IZarrStore store, string path)
    {
        (_store, _folder) = (store, ZarrPath.Folder(path));
        Layout = store.Has(_folder + ZarrVersion3.File)
            ? ZarrVersion3.Of(ZarrJson.Read(store, _folder + ZarrVersion3.File))
            : ZarrVersion2.Of(ZarrJson.Read(store, _folder + ZarrVersion2.ArrayFile));
        _strides = Layout.Strides;
        _shards = Layout.Shards is null ? null : new ZarrShards(store, _folder, Layout);
    }

    /// <summary>What its metadata say.</summary>
    public ZarrLayout Layout { get; }

    /// <summary>A chunk's samples in the machine's byte order; null where it is missing (the fill value).</summary>
    /// <param name="place">The chunk's number along each dimension.</param>
    public byte[]? Chunk(IReadOnlyList<int> place)
    {
        byte[]? stored = _shards is not null ? _shards.Read(place) : _store.Read(_folder + Layout.NameOf(place));
        if (stored is null)
        {
            return null;
        }

        byte[] samples = Layout.Codecs.Decoded(stored, Layout.ChunkBytes);
        ByteOrder.ToMachine(samples, Layout.SampleBytes, Layout.Codecs.BigEndian);
        return samples;
    }

    /// <summary>Bytes from an element of a chunk to the next one along a dimension.</summary>
    public long StrideOf(int dimension) => _strides[dimension];

    /// <summary>Fills samples with the value of chunks that are missing.</summary>
    public void Fill(Span<byte> samples)
    {
        byte[] fill = Layout.Fill;
        for (int at = 0; at < samples.Length && fill.AsSpan().ContainsAnyExcept((byte)0); at += fill.Length)
        {
            fill.CopyTo(samples[at..]);
        }
    }
}
