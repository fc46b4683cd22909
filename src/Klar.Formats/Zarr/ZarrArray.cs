using System.Globalization;
using System.Text.Json;
using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>An array of Zarr version 2: a folder with <c>.zarray</c> and a file for each chunk.</summary>
/// <remarks>Zarr storage specification version 2, https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html.</remarks>
internal sealed class ZarrArray
{
    private readonly string _folder;
    private readonly string _separator;
    private readonly string? _codec;
    private readonly bool _bigEndian;
    private readonly long[] _strides;
    private readonly byte[] _fill;

    public ZarrArray(string folder)
    {
        using JsonDocument document = ZarrJson.Read(Path.Combine(folder, ".zarray"));
        JsonElement array = document.RootElement;
        _folder = folder;
        _separator = array.Get("dimension_separator").Text() == "/" ? "/" : ".";
        _codec = ZarrCodec.Of(array);
        Shape = [.. array.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt32())];
        Chunks = [.. array.GetProperty("chunks").EnumerateArray().Select(static size => size.GetInt32())];
        string type = array.GetProperty("dtype").GetString() ?? string.Empty;
        Type = TypeOf(type);
        _bigEndian = type.StartsWith('>');
        _strides = StridesOf(Chunks, firstIsFastest: array.Get("order").Text() == "F");
        long bytes = SampleBytes
            * Chunks.Aggregate(1L, static (product, size) => Math.Min(int.MaxValue, product * Math.Max(1, size)));
        bool sound = Shape.Length == Chunks.Length && Shape.Length >= 2 && bytes <= Array.MaxLength;
        if (!sound || Shape.Concat(Chunks).Any(static size => size <= 0))
        {
            throw new BadImageFileException("damaged: the shape of its array makes no sense");
        }

        ChunkBytes = (int)bytes;
        _fill = FillOf(array);
    }

    /// <summary>Elements along each dimension, the slowest first.</summary>
    public int[] Shape { get; }

    /// <summary>The same of a chunk.</summary>
    public int[] Chunks { get; }

    /// <summary>How a sample is stored.</summary>
    public SampleType Type { get; }

    /// <summary>Bytes of a sample.</summary>
    public int SampleBytes => ImageFile.SizeOf(Type);

    /// <summary>Bytes of a chunk, decompressed.</summary>
    public int ChunkBytes { get; }

    /// <summary>A chunk's samples in the machine's byte order; null where it is missing (the fill value).</summary>
    /// <param name="place">The chunk's number along each dimension.</param>
    public byte[]? Chunk(IEnumerable<int> place)
    {
        string name = string.Join(_separator, place.Select(static i => i.ToString(CultureInfo.InvariantCulture)));
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        FileKind.RefuseStream(path);
        byte[] samples = ZarrCodec.Decoded(_codec, File.ReadAllBytes(path), ChunkBytes);
        ByteOrder.ToMachine(samples, SampleBytes, _bigEndian);
        return samples;
    }

    /// <summary>Bytes from an element of a chunk to the next one along a dimension.</summary>
    public long StrideOf(int dimension) => _strides[dimension] * SampleBytes;

    /// <summary>Fills samples with the value of chunks that are missing.</summary>
    public void Fill(Span<byte> samples)
    {
        for (int at = 0; at < samples.Length && _fill.AsSpan().ContainsAnyExcept((byte)0); at += _fill.Length)
        {
            _fill.CopyTo(samples[at..]);
        }
    }

    private static long[] StridesOf(int[] chunks, bool firstIsFastest)
    {
        long[] strides = new long[chunks.Length];
        long stride = 1;
        for (int i = 0; i < chunks.Length; i++)
        {
            int dimension = firstIsFastest ? i : chunks.Length - 1 - i;
            strides[dimension] = stride;
            stride *= Math.Max(1, chunks[dimension]);
        }

        return strides;
    }

    private byte[] FillOf(JsonElement array)
    {
        double value = array.TryGetProperty("fill_value", out JsonElement fill) ? fill.ValueKind switch
        {
            JsonValueKind.Number => fill.GetDouble(),
            JsonValueKind.String => fill.GetString() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => 0,
            },
            _ => 0,
        } : 0;
        return Type switch
        {
            SampleType.UInt8 => [(byte)value],
            SampleType.Int8 => [(byte)(sbyte)value],
            SampleType.UInt16 => BitConverter.GetBytes((ushort)value),
            SampleType.Int16 => BitConverter.GetBytes((short)value),
            SampleType.UInt32 => BitConverter.GetBytes((uint)value),
            SampleType.Int32 => BitConverter.GetBytes((int)value),
            SampleType.Float32 => BitConverter.GetBytes((float)value),
            _ => BitConverter.GetBytes(value),
        };
    }

    private static SampleType TypeOf(string type) => type.TrimStart('<', '>', '|') switch
    {
        "u1" => SampleType.UInt8,
        "i1" => SampleType.Int8,
        "u2" => SampleType.UInt16,
        "i2" => SampleType.Int16,
        "u4" => SampleType.UInt32,
        "i4" => SampleType.Int32,
        "f4" => SampleType.Float32,
        "f8" => SampleType.Float64,
        _ => throw new BadImageFileException($"its samples are {type}, which Klar does not read"),
    };
}
