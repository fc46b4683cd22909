namespace Klar.Formats.Zarr;

/// <summary>What the metadata of an array say, in either version of Zarr.</summary>
internal sealed record ZarrLayout
{
    /// <summary>Elements along each dimension, the slowest first.</summary>
    public required int[] Shape { get; init; }

    /// <summary>The same of a chunk that is compressed by itself.</summary>
    public required int[] Chunks { get; init; }

    /// <summary>The same of the files that hold several such chunks; null where each has its own.</summary>
    public int[]? Shards { get; init; }

    /// <summary>How a sample is stored.</summary>
    public required SampleType Type { get; init; }

    /// <summary>The value of what is missing, in the machine's byte order.</summary>
    public required byte[] Fill { get; init; }

    /// <summary>What a chunk went through.</summary>
    public required ZarrCodecs Codecs { get; init; }

    /// <summary>The same of the list of a shard's chunks.</summary>
    public ZarrCodecs? IndexCodecs { get; init; }

    /// <summary>Whether that list stands at the beginning of a shard.</summary>
    public bool IndexAtStart { get; init; }

    /// <summary>What stands between the numbers in the names of chunks.</summary>
    public required char Separator { get; init; }

    /// <summary>What stands before the numbers.</summary>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>Bytes of a sample.</summary>
    public int SampleBytes => ImageFile.SizeOf(Type);

    /// <summary>Bytes of a chunk, decompressed.</summary>
    public int ChunkBytes => SampleBytes * Chunks.Aggregate(1, static (product, size) => product * size);

    /// <summary>The name of the file with a chunk or a shard.</summary>
    public string NameOf(IEnumerable<int> place) => Prefix + string.Join(Separator, place);

    /// <summary>Bytes from an element of a chunk to the next one along each dimension.</summary>
    public long[] Strides
    {
        get
        {
            long[] strides = new long[Chunks.Length];
            long stride = SampleBytes;
            foreach (int dimension in Codecs.Order(Chunks.Length).Reverse())
            {
                strides[dimension] = stride;
                stride *= Chunks[dimension];
            }

            return strides;
        }
    }

    /// <summary>The layout, if it makes sense.</summary>
    /// <exception cref="BadImageFileException">It does not.</exception>
    public ZarrLayout Checked()
    {
        IEnumerable<int> all = Shape.Concat(Chunks).Concat(Shards ?? []);
        bool sound = Shape.Length >= 2
            && Shape.Length == Chunks.Length
            && (Shards is null || Shards.Length == Chunks.Length)
            && !all.Any(static size => size <= 0);
        long bytes = Chunks.Aggregate(
            (long)SampleBytes, static (product, size) => Math.Min(int.MaxValue, product * size));
        bool divided = !sound || Shards is null || Shards.Zip(Chunks).All(static pair => pair.First % pair.Second == 0);
        return sound && divided && bytes <= Array.MaxLength
            ? this
            : throw new BadImageFileException("damaged: the shape of its array makes no sense");
    }
}
