namespace Klar.Formats.Zarr;

/// <summary>The way from a chunk's samples to its bytes in a file.</summary>
/// <param name="Compressors">The codecs of bytes, in the order in which they were applied.</param>
/// <param name="BigEndian">Whether numbers begin with their high byte.</param>
internal sealed record ZarrCodecs(IReadOnlyList<string> Compressors, bool BigEndian)
{
    /// <summary>The dimensions in the order in which elements follow each other, the slowest first; null for their
    /// own.</summary>
    public int[]? Transposed { get; init; }

    /// <summary>The dimensions in that order.</summary>
    public IReadOnlyList<int> Order(int dimensions) => Transposed ?? [.. Enumerable.Range(0, dimensions)];

    /// <summary>A chunk's samples in the file's byte order.</summary>
    /// <param name="stored">The bytes in the file.</param>
    /// <param name="bytes">Bytes that they must become.</param>
    /// <exception cref="BadImageFileException">It is damaged.</exception>
    public byte[] Decoded(byte[] stored, int bytes)
    {
        for (int i = Compressors.Count - 1; i >= 0; i--)
        {
            stored = ZarrCodec.Decoded(Compressors[i], stored, i == 0 ? bytes : null);
        }

        return stored.Length == bytes ? stored : throw ZarrCodec.TooShort();
    }
}
