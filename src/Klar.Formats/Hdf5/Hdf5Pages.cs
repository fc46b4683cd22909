using Klar.Formats.Containers;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Klar.Formats.Hdf5;

/// <summary>Pages of a dataset: its last two dimensions, at a place along those before.</summary>
internal sealed class Hdf5Pages
{
    // Chunks that span several pages are decompressed once and kept for the next page, if they are not too many.
    private const ulong KeptBytes = 1 << 26;
    private const int KeptChunks = 16381;
    private const int MaxChunkBytes = 1 << 29;

    private readonly NativeDataset _dataset;
    private readonly H5DatasetAccess _access;
    private readonly Lazy<bool> _bigEndian;

    /// <exception cref="BadImageFileException">Klar does not read its samples.</exception>
    public Hdf5Pages(IH5Dataset dataset)
    {
        _dataset = (NativeDataset)dataset;
        _access = new H5DatasetAccess(ChunkCache: new SimpleReadingChunkCache(KeptChunks, KeptBytes));
        Type = TypeOf(dataset)
            ?? throw new BadImageFileException("its samples are of a kind that Klar does not read");
        Shape = dataset.Space.Dimensions;
        if (dataset.Layout.Class == H5DataLayoutClass.Chunked && BytesOfChunk(dataset) > MaxChunkBytes)
        {
            throw new BadImageFileException("its chunks are too large");
        }

        _bigEndian = new Lazy<bool>(IsBigEndian);
    }

    /// <summary>How a sample is stored.</summary>
    public SampleType Type { get; }

    /// <summary>Elements along each dimension, the slowest first.</summary>
    public ulong[] Shape { get; }

    /// <summary>How a dataset stores a sample; null for what is no samples of an image.</summary>
    public static SampleType? TypeOf(IH5Dataset dataset) => (dataset.Type.Class, dataset.Type.Size) switch
    {
        (H5DataTypeClass.FixedPoint, 1) => dataset.Type.FixedPoint.IsSigned ? SampleType.Int8 : SampleType.UInt8,
        (H5DataTypeClass.FixedPoint, 2) => dataset.Type.FixedPoint.IsSigned ? SampleType.Int16 : SampleType.UInt16,
        (H5DataTypeClass.FixedPoint, 4) => dataset.Type.FixedPoint.IsSigned ? SampleType.Int32 : SampleType.UInt32,
        (H5DataTypeClass.FloatingPoint, 4) => SampleType.Float32,
        (H5DataTypeClass.FloatingPoint, 8) => SampleType.Float64,
        _ => null,
    };

    private static Int128 BytesOfChunk(IH5Dataset dataset) =>
        dataset.Layout.Chunks.Aggregate(
            (Int128)dataset.Type.Size, static (product, size) => product * Math.Max(1, size));

    /// <summary>Reads a page.</summary>
    /// <param name="place">Its place along the dimensions before the last two.</param>
    /// <param name="width">Columns, which may be fewer than the dataset has.</param>
    /// <param name="height">Rows, which may be fewer than the dataset has.</param>
    public RawSamples Read(IReadOnlyList<ulong> place, int width, int height)
    {
        byte[] bytes = new byte[(long)width * height * ImageFile.SizeOf(Type)];
        ulong[] starts = [.. place, 0, 0];
        ulong[] sizes = [.. place.Select(static _ => 1ul), (ulong)height, (ulong)width];

        // Bytes are read as they stand in the file.
        _dataset.Read(_access, bytes.AsSpan(), new HyperslabSelection(starts.Length, starts, sizes));
        ByteOrder.ToMachine(bytes, ImageFile.SizeOf(Type), _bigEndian.Value);
        return new RawSamples(bytes, Type, 1);
    }

    /// <summary>
    /// Whether numbers begin with their high byte. PureHDF does not say so, but does not read such as numbers.
    /// </summary>
    private bool IsBigEndian()
    {
        int rank = Shape.Length;
        ulong[] one = [.. Enumerable.Repeat(1ul, rank)];
        var first = new HyperslabSelection(rank, new ulong[rank], one);
        try
        {
            switch (ImageFile.SizeOf(Type))
            {
                case 2: _dataset.Read<ushort>(_access, new ushort[1], first); break;
                case 4: _dataset.Read<uint>(_access, new uint[1], first); break;
                case 8: _dataset.Read<double>(_access, new double[1], first); break;
            }

            return false;
        }
        catch (Exception failure) when (failure.Message.Contains("Byte order", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
    }
}
