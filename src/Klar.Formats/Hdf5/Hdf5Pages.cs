using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Klar.Formats.Hdf5;

/// <summary>Pages of a dataset: its last two dimensions, at a place along those before.</summary>
internal sealed class Hdf5Pages
{
    // Chunks that span several pages are decompressed once and kept for the next page, if they are not too many.
    private const ulong KeptBytes = 1 << 27;
    private const int KeptChunks = 16381;

    private readonly NativeDataset _dataset;
    private readonly H5DatasetAccess _access;

    /// <exception cref="BadImageFileException">Klar does not read its samples.</exception>
    public Hdf5Pages(IH5Dataset dataset)
    {
        _dataset = (NativeDataset)dataset;
        _access = new H5DatasetAccess(ChunkCache: new SimpleReadingChunkCache(KeptChunks, KeptBytes));
        Type = TypeOf(dataset)
            ?? throw new BadImageFileException("its samples are of a kind that Klar does not read");
        Shape = dataset.Space.Dimensions;
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

    /// <summary>Reads a page.</summary>
    /// <param name="place">Its place along the dimensions before the last two.</param>
    /// <param name="width">Columns, which may be fewer than the dataset has.</param>
    /// <param name="height">Rows, which may be fewer than the dataset has.</param>
    public RawSamples Read(IReadOnlyList<ulong> place, int width, int height)
    {
        byte[] bytes = new byte[(long)width * height * ImageFile.SizeOf(Type)];
        ulong[] starts = [.. place, 0, 0];
        ulong[] sizes = [.. place.Select(static _ => 1ul), (ulong)height, (ulong)width];
        var page = new HyperslabSelection(starts.Length, starts, sizes);
        switch (Type)
        {
            case SampleType.UInt8: Read<byte>(bytes, page); break;
            case SampleType.Int8: Read<sbyte>(bytes, page); break;
            case SampleType.UInt16: Read<ushort>(bytes, page); break;
            case SampleType.Int16: Read<short>(bytes, page); break;
            case SampleType.UInt32: Read<uint>(bytes, page); break;
            case SampleType.Int32: Read<int>(bytes, page); break;
            case SampleType.Float32: Read<float>(bytes, page); break;
            default: Read<double>(bytes, page); break;
        }

        return new RawSamples(bytes, Type, 1);
    }

    private void Read<T>(byte[] to, HyperslabSelection page)
        where T : unmanaged =>
        _dataset.Read(_access, MemoryMarshal.Cast<byte, T>(to.AsSpan()), page);
}
