using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Klar.Networks;

/// <summary>
/// Named tensors of floats of 32 or 16 bits in the .safetensors format: the length of a header as 8 bytes, the header
/// as JSON (type, shape and
/// place of each tensor, and a table of text), then the numbers, little-endian. PyTorch's users open it with one call.
/// </summary>
internal static class SafeTensors
{
    private const int LongestHeader = 100_000_000; // the format's own limit
    private const string TextKey = "__metadata__";
    private const string Unreadable = "not a safetensors file: its header cannot be read";

    /// <summary>Writes tensors and text; if <paramref name="half"/>, numbers are rounded to 16 bits.</summary>
    public static void Write(
        Stream to, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> text, bool half = false)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (text.Count > 0)
            {
                json.WriteStartObject(TextKey);
                foreach ((string key, string value) in text)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long at = 0;
            foreach (Tensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", half ? "F16" : "F32");
                WriteArray(json, "shape", tensor.Shape.Select(static side => (long)side));
                WriteArray(json, "data_offsets", [at, at += tensor.Values.Length * (half ? 2 : sizeof(float))]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces are valid JSON at the end; they bring the numbers to a multiple of 8.
        int padded = (int)((header.Length + 7) / 8 * 8);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        to.Write(length);
        header.WriteTo(to);
        to.Write(Encoding.ASCII.GetBytes(new string(' ', padded - (int)header.Length)));
        foreach (Tensor tensor in tensors)
        {
            to.Write(half
                ? MemoryMarshal.AsBytes<Half>(Array.ConvertAll(tensor.Values, static value => (Half)value))
                : MemoryMarshal.AsBytes<float>(tensor.Values));
        }
    }

    /// <summary>Reads what <see cref="Write"/> or PyTorch wrote.</summary>
    /// <exception cref="InvalidDataException">It is not such a file, is cut short, or holds other numbers than floats
    /// of 32 or 16 bits.</exception>
    public static (IReadOnlyList<Tensor> Tensors, IReadOnlyDictionary<string, string> Text) Read(Stream from)
    {
        using JsonDocument header = Header(from);
        IReadOnlyDictionary<string, string> text = TextOf(header);
        var places = new List<(string Name, int[] Shape, bool Half, long Begin, long End)>();
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(
            static entry => entry.Name != TextKey))
        {
            places.Add(Readable(() => PlaceOf(entry)));
        }

        var tensors = new List<Tensor>();
        long at = 0;
        foreach ((string name, int[] shape, bool half, long begin, long end) in places.OrderBy(
            static place => place.Begin))
        {
            if (begin != at)
            {
                throw new InvalidDataException($"safetensors: the numbers of '{name}' do not follow those before");
            }

            byte[] numbers = Take(from, end - begin);
            tensors.Add(new Tensor(name, shape, half
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(numbers).ToArray(), static value => (float)value)
                : MemoryMarshal.Cast<byte, float>(numbers).ToArray()));
            at = end;
        }

        return (tensors, text);
    }

    /// <summary>The text alone, before any number is read.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static IReadOnlyDictionary<string, string> ReadText(Stream from)
    {
        using JsonDocument header = Header(from);
        return TextOf(header);
    }

    private static JsonDocument Header(Stream from)
    {
        byte[] header = Take(from, BinaryPrimitives.ReadInt64LittleEndian(Take(from, 8)));
        JsonDocument document = Readable(() => JsonDocument.Parse(header));
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document
            : throw new InvalidDataException(Unreadable);
    }

    private static Dictionary<string, string> TextOf(JsonDocument header) =>
        Readable(() => header.RootElement.TryGetProperty(TextKey, out JsonElement text)
        ? text.EnumerateObject().GroupBy(static line => line.Name).ToDictionary(
            static line => line.Key, static line => line.Last().Value.GetString() ?? "")
        : []);

    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (
            failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
                or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException(Unreadable, failure);
        }
    }

    private static (string Name, int[] Shape, bool Half, long Begin, long End) PlaceOf(JsonProperty entry)
    {
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        bool half = type == "F16";
        if (!half && type != "F32")
        {
            throw new InvalidDataException($"safetensors: '{entry.Name}' is {type}, only F32 and F16 are read");
        }

        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(static side => side.GetInt32())];
        JsonElement place = entry.Value.GetProperty("data_offsets");
        (long begin, long end) = (place[0].GetInt64(), place[1].GetInt64());
        long count = shape.Aggregate(1L, static (product, side) => checked(product * side));
        return count >= 0 && end - begin == count * (half ? 2 : sizeof(float))
            ? (entry.Name, shape, half, begin, end)
            : throw new InvalidDataException(
                $"safetensors: '{entry.Name}' has {end - begin} bytes for {count} numbers");
    }

    private static byte[] Take(Stream from, long count)
    {
        // A length from a damaged file must not ask for all the memory there is: numbers are read in parts.
        if (count is < 0 or > int.MaxValue)
        {
            throw new InvalidDataException("not a safetensors file");
        }

        using var taken = new MemoryStream((int)Math.Min(count, LongestHeader));
        byte[] part = new byte[81920];
        while (taken.Length < count)
        {
            int read = from.Read(part, 0, (int)Math.Min(part.Length, count - taken.Length));
            if (read == 0)
            {
                throw new InvalidDataException("not a safetensors file, or one cut short");
            }

            taken.Write(part, 0, read);
        }

        return taken.ToArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A tensor in row-major order.</summary>
    internal sealed record Tensor(string Name, int[] Shape, float[] Values);
}
