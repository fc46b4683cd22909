using System.Globalization;
using System.Text.Json;

namespace Klar.Formats.Zarr;

/// <summary>Sample types and fill values in the words of either version of Zarr.</summary>
internal static class ZarrTypes
{
    /// <summary>A type by its name without byte order: <c>u2</c> in version 2, <c>uint16</c> in version 3.</summary>
    /// <exception cref="BadImageFileException">Klar does not read it.</exception>
    public static SampleType Of(string type) => type switch
    {
        "u1" or "uint8" => SampleType.UInt8,
        "i1" or "int8" => SampleType.Int8,
        "u2" or "uint16" => SampleType.UInt16,
        "i2" or "int16" => SampleType.Int16,
        "u4" or "uint32" => SampleType.UInt32,
        "i4" or "int32" => SampleType.Int32,
        "f4" or "float32" => SampleType.Float32,
        "f8" or "float64" => SampleType.Float64,
        _ => throw new BadImageFileException($"its samples are {type}, which Klar does not read"),
    };

    /// <summary>The name of a type in version 3.</summary>
    public static string NameOf(SampleType type) => type.ToString().ToLowerInvariant();

    /// <summary>The same in version 2, with its byte order: low byte first.</summary>
    public static string ShortNameOf(SampleType type)
    {
        string kind = type is SampleType.Float32 or SampleType.Float64 ? "f" : type.ToString()[0] == 'U' ? "u" : "i";
        int bytes = ImageFile.SizeOf(type);
        return string.Create(CultureInfo.InvariantCulture, $"{(bytes == 1 ? '|' : '<')}{kind}{bytes}");
    }

    /// <summary>A sample that is missing, in the machine's byte order.</summary>
    public static byte[] Fill(SampleType type, JsonElement? fill)
    {
        string? text = fill.Text();
        if (text?.StartsWith("0x", StringComparison.Ordinal) == true
            && ulong.TryParse(
                text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits))
        {
            // The bits themselves, as version 3 writes NaN with a payload.
            return BitConverter.GetBytes(bits)[..ImageFile.SizeOf(type)];
        }

        double value = text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => fill is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0,
        };
        return type switch
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
}
