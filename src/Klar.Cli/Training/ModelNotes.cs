using System.Buffers.Binary;
using System.Text.Json;

namespace Klar.Cli.Training;

/// <summary>What the header of a model's file says of its training.</summary>
/// <param name="Method">The method that trained it.</param>
/// <param name="Steps">Its steps; null where nothing is noted.</param>
/// <param name="Seed">Its seed; null where nothing is noted.</param>
internal sealed record ModelNotes(string Method, string? Steps, string? Seed)
{
    private const int LengthBytes = 8;
    private const int MaxHeader = 1 << 20;

    /// <summary>Those of a file; null where it is no model of Klar's.</summary>
    public static ModelNotes? Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] length = new byte[LengthBytes];
        if (file.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) < LengthBytes
            || BinaryPrimitives.ReadInt64LittleEndian(length) is var bytes
                && (bytes is <= 0 or > MaxHeader || bytes >= file.Length))
        {
            return null;
        }

        byte[] header = new byte[bytes];
        file.ReadExactly(header.AsSpan(0, (int)Math.Min(bytes, file.Length - LengthBytes)));
        try
        {
            using var document = JsonDocument.Parse(header);
            JsonElement text = document.RootElement.GetProperty("__metadata__");
            return Text(text, "klar.method") is { } method
                ? new ModelNotes(method, Text(text, "klar.note.steps")?.Split(' ')[0], Text(text, "klar.note.seed"))
                : null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement notes, string name) =>
        notes.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
